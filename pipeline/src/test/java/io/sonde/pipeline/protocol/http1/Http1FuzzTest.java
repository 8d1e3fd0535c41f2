package io.sonde.pipeline.protocol.http1;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sonde.pipeline.connection.SimulatedCapture;
import io.sonde.pipeline.connection.SimulatedConnection;
import io.sonde.pipeline.event.Role;
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
  private static final int RX = 0xf5;
  private static final int TX = 0xf6;

  /** What was read or written until the next mark was not captured. */
  private static final int UNCAPTURED_RX = 0xf7;

  private static final int UNCAPTURED_TX = 0xf8;

  /** The next record does not get through. */
  private static final int LOST = 0xf9;

  private static final int SUMMARY = 0xfa;
  private static final int TIME_PASSES = 0xfb;

  /** The connection ends: behind it, bit 0 says by a reset, bit 1 by this host. */
  private static final int CLOSE = 0xfc;

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
    SimulatedConnection connection =
        role == Role.UNKNOWN ? capture.connectedBefore() : capture.connect(role);
    boolean captured = true;
    boolean reset = false;
    boolean locally = false;
    int at = 0;
    while (at < input.length) {
      int mark = input[at] & 0xff;
      int from = isMark(mark) ? at + 1 : at;
      at = from;
      while (at < input.length && !isMark(input[at] & 0xff)) {
        at++;
      }
      byte[] data = Arrays.copyOfRange(input, from, at);
      switch (mark) {
        case TX -> pieces(connection, false, data, longest);
        case UNCAPTURED_RX -> connection.uncapturableRx(data.length + 1);
        case UNCAPTURED_TX -> connection.sendfile(data.length + 1);
        case LOST -> connection.lose(1);
        case SUMMARY -> connection.summary();
        case TIME_PASSES -> capture.stats(SimulatedCapture.TIMEOUT);
        case CLOSE -> {
          reset = data.length > 0 && (data[0] & 1) != 0;
          locally = data.length > 0 && (data[0] & 2) != 0;
        }
        default -> pieces(connection, true, data, longest);
      }
      captured &= mark < UNCAPTURED_RX || mark == CLOSE;
      if (!capture.addsUp()) { // without AssertJ, which would take most of the time here
        throw new AssertionError("the account does not add up behind byte " + at);
      }
      if (mark == CLOSE) {
        break;
      }
    }
    connection.lose(0).close(reset, locally);
    assertThat(capture.addsUp()).isTrue();
    assertThat(capture.open()).isZero();
    return captured;
  }

  private static void pieces(SimulatedConnection connection, boolean rx, byte[] data, int longest) {
    int from = 0;
    while (from < data.length) {
      int to = from + Math.min(longest, data.length - from);
      byte[] piece = Arrays.copyOfRange(data, from, to);
      if (rx) {
        connection.rx(piece);
      } else {
        connection.tx(piece);
      }
      from = to;
    }
  }

  private static boolean isMark(int b) {
    return b >= RX && b <= CLOSE;
  }

  private static SimulatedCapture everything() {
    return new SimulatedCapture().budgets(1 << 20, 1 << 20);
  }
}
