package io.sonde.pipeline.protocol.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sonde.pipeline.connection.SimulatedCapture;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.protocol.HostileConversation;
import io.sonde.pipeline.protocol.HostileConversation.Act;
import io.sonde.pipeline.protocol.Told;
import java.util.Arrays;
import java.util.Locale;

/**
 * Hostile bytes in hostile pieces: nothing throws, the account adds up, nothing stays, and where
 * all was captured, how it was cut makes no difference. An ordinary test run replays the inputs
 * that are kept; {@code .ci/fuzz} looks for new ones.
 *
 * <p>An input is text with marks between what is read and written, all of them bytes that have no
 * place in UTF-8; so a recorded conversation is nearly an input as it is.
 */
class Http1FuzzTest {
  /** By mark. */
  private static final Act[] ACTS = Act.values();

  private static final int FIRST_MARK = 0xf5;

  /**
   * While it searches, the fuzzer compares how the same bytes are told in other pieces only of
   * servers that stay with HTTP/1. A client's answer may be told ahead of its request, and then the
   * pieces do say something: how much of the request was written. HTTP/2 has a target of its own.
   * The kept inputs are all compared.
   */
  private static final boolean SEARCHING = System.getenv("JAZZER_FUZZ") != null;

  @FuzzTest(maxDuration = "45s")
  void anyBytesInAnyPiecesAreToldOrCounted(byte[] input) {
    if (input.length == 0) {
      return;
    }
    for (Role role : new Role[] {Role.SERVER, Role.CLIENT, Role.UNKNOWN}) {
      SimulatedCapture capture = new SimulatedCapture().budgets(700, 300);
      play(input, capture, role, Integer.MAX_VALUE);

      SimulatedCapture whole = everything();
      if (play(input, whole, role, Integer.MAX_VALUE)
          && (!SEARCHING || staysComparable(input, role))) {
        SimulatedCapture cut = everything();
        play(input, cut, role, 1 + (input[input.length - 1] & 0x1f));
        assertThat(Told.exchanges(cut)).isEqualTo(Told.exchanges(whole));
        assertThat(Told.losses(cut)).isEqualTo(Told.losses(whole));
      }
    }
  }

  private static boolean staysComparable(byte[] input, Role role) {
    String text = new String(input, ISO_8859_1).toLowerCase(Locale.ROOT);
    return role == Role.SERVER && !text.contains("h2c") && !text.contains("pri *");
  }

  /**
   * @param longest of one read or write
   * @return whether everything was captured
   */
  private static boolean play(byte[] input, SimulatedCapture capture, Role role, int longest) {
    HostileConversation conversation = new HostileConversation(capture, role, longest);
    int at = 0;
    while (at < input.length && !conversation.isClosed()) {
      int mark = input[at] & 0xff;
      int from = isMark(mark) ? at + 1 : at;
      at = from;
      while (at < input.length && !isMark(input[at] & 0xff)) {
        at++;
      }
      byte[] data = Arrays.copyOfRange(input, from, at);
      conversation.act(isMark(mark) ? ACTS[mark - FIRST_MARK] : Act.READ, data);
    }
    return conversation.end();
  }

  private static boolean isMark(int b) {
    return b >= FIRST_MARK && b < FIRST_MARK + ACTS.length;
  }

  private static SimulatedCapture everything() {
    return new SimulatedCapture().budgets(1 << 20, 1 << 20);
  }
}
