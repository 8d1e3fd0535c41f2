package io.sonde.pipeline.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.pipeline.connection.SimulatedCapture;
import io.sonde.pipeline.connection.SimulatedConnection;
import io.sonde.pipeline.event.Role;
import java.util.Arrays;

/** A conversation that a fuzzer makes up; checks after each act that the account adds up. */
public final class HostileConversation {
  /** What may happen next. */
  public enum Act {
    READ,
    WRITE,
    /** A read of one byte more than its data, none of them captured. */
    READ_UNCAPTURED,
    WRITE_UNCAPTURED,
    /** The next record does not get through. */
    LOSE,
    SUMMARISE,
    WAIT,
    /** Of its data, bit 0 says by a reset, bit 1 by this host. */
    CLOSE
  }

  private final SimulatedCapture capture;
  private final SimulatedConnection connection;
  private final int longest;
  private boolean captured = true;
  private boolean closed;
  private boolean reset;
  private boolean locally;

  /**
   * @param longest of one read or write
   */
  public HostileConversation(SimulatedCapture capture, Role role, int longest) {
    this.capture = capture;
    this.connection = role == Role.UNKNOWN ? capture.connectedBefore() : capture.connect(role);
    this.longest = longest;
  }

  public void act(Act act, byte[] data) {
    switch (act) {
      case READ -> pieces(true, data);
      case WRITE -> pieces(false, data);
      case READ_UNCAPTURED -> connection.uncapturableRx(data.length + 1);
      case WRITE_UNCAPTURED -> connection.sendfile(data.length + 1);
      case LOSE -> connection.lose(1);
      case SUMMARISE -> connection.summary();
      case WAIT -> capture.stats(SimulatedCapture.TIMEOUT);
      case CLOSE -> {
        closed = true;
        reset = data.length > 0 && (data[0] & 1) != 0;
        locally = data.length > 0 && (data[0] & 2) != 0;
      }
    }
    captured &= act == Act.READ || act == Act.WRITE || act == Act.CLOSE;
    if (!capture.addsUp()) { // without AssertJ, which would take most of the time here
      throw new AssertionError("the account does not add up behind " + act);
    }
  }

  public boolean isClosed() {
    return closed;
  }

  /**
   * @return whether everything was captured
   */
  public boolean end() {
    connection.lose(0).close(reset, locally);
    assertThat(capture.addsUp()).isTrue();
    assertThat(capture.open()).isZero();
    return captured;
  }

  private void pieces(boolean rx, byte[] data) {
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
}
