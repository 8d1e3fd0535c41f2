package io.sonde.pipeline.protocol.http1;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sonde.pipeline.connection.SimulatedCapture;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.protocol.HostileConversation;
import io.sonde.pipeline.protocol.HostileConversation.Act;
import io.sonde.pipeline.protocol.Told;
import java.util.Arrays;

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
   * While it searches, the fuzzer does not compare how the same bytes are told in other pieces: it
   * soon finds bytes that no client sends, left over between two messages, that are told by where
   * they were cut. That is open; the kept inputs are compared.
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
      if (play(input, whole, role, Integer.MAX_VALUE) && !SEARCHING) {
        SimulatedCapture cut = everything();
        play(input, cut, role, 1 + (input[input.length - 1] & 0x1f));
        assertThat(Told.exchanges(cut)).isEqualTo(Told.exchanges(whole));
        assertThat(Told.losses(cut)).isEqualTo(Told.losses(whole));
      }
    }
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
