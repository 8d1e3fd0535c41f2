package io.sonde.pipeline.protocol.http2;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sonde.pipeline.connection.SimulatedCapture;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.protocol.HostileConversation;
import io.sonde.pipeline.protocol.HostileConversation.Act;
import io.sonde.pipeline.protocol.Told;
import java.util.Arrays;

/**
 * Hostile frames in hostile pieces: nothing throws, the account adds up, nothing stays, and where
 * all was captured from the beginning, how it was cut makes no difference. An ordinary test run
 * replays the inputs that are kept; {@code .ci/fuzz} looks for new ones.
 *
 * <p>An input is a list of: act (1 byte), length (2 bytes, at most as much as there is), data.
 */
class Http2FuzzTest {
  private static final Act[] ACTS = Act.values();
  private static final int ACT_LENGTH = 3;

  /**
   * While it searches, the fuzzer does not compare how the same bytes are told in other pieces. It
   * soon finds some that are no frames, as between an Upgrade and the preface: behind those, frames
   * are found again where an operation begins with one, so by where it was cut. That is open, since
   * peers write frames whole and end a connection that has other bytes; the kept inputs are
   * compared.
   */
  private static final boolean SEARCHING = System.getenv("JAZZER_FUZZ") != null;

  @FuzzTest(maxDuration = "45s")
  void anyFramesInAnyPiecesAreToldOrCounted(byte[] input) {
    for (Role role : new Role[] {Role.SERVER, Role.CLIENT, Role.UNKNOWN}) {
      play(input, new SimulatedCapture().budgets(700, 300), role, Integer.MAX_VALUE);

      SimulatedCapture whole = everything();
      boolean captured = play(input, whole, role, Integer.MAX_VALUE);
      if (!SEARCHING && captured && role != Role.UNKNOWN && isHttp2(whole)) {
        SimulatedCapture cut = everything();
        play(input, cut, role, 1 + input.length % 31);
        assertThat(Told.exchanges(cut)).isEqualTo(Told.exchanges(whole));
      }
    }
  }

  /** What HTTP/1 makes of it is asked elsewhere. */
  private static boolean isHttp2(SimulatedCapture capture) {
    return capture.told().stream()
        .allMatch(
            told ->
                told.match(
                    http -> "2".equals(http.protocolVersion()),
                    rpc -> "2".equals(rpc.protocolVersion())));
  }

  private static boolean play(byte[] input, SimulatedCapture capture, Role role, int longest) {
    HostileConversation conversation = new HostileConversation(capture, role, longest);
    int at = 0;
    while (input.length - at >= ACT_LENGTH && !conversation.isClosed()) {
      Act act = ACTS[(input[at] & 0xff) % ACTS.length];
      int length = (input[at + 1] & 0xff) << 8 | input[at + 2] & 0xff;
      int from = at + ACT_LENGTH;
      at = Math.min(input.length, from + length);
      conversation.act(act, Arrays.copyOfRange(input, from, at));
    }
    return conversation.end();
  }

  private static SimulatedCapture everything() {
    return new SimulatedCapture().budgets(1 << 20, 1 << 20);
  }
}
