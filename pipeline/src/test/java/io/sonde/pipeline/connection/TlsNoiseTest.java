package io.sonde.pipeline.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.pipeline.event.Activity.Kind;
import io.sonde.pipeline.event.Direction;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.event.TlsMatch;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever a capture tells of sessions and sockets, nothing fails and the account adds up. */
class TlsNoiseTest {
  private static final int ROUNDS = 400;
  private static final int STEPS = 120;
  private static final String[] FRAGMENTS = {
    "GET /a HTTP/1.1\r\nHost: h\r\n\r\n",
    "POST /b HTTP/1.1\r\nContent-Length: 7\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    "HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "\u0016\u0003\u0001\u0002\u0000\u0001",
    "\u0017\u0003",
    "junk",
    "G",
    "",
  };

  private final MutableActivity activity = new MutableActivity();

  @Test
  void nothingFailsAndAllIsCounted() {
    Random random = new Random(7);
    for (int round = 0; round < ROUNDS; round++) {
      SimulatedCapture capture = new SimulatedCapture(3);
      for (int i = 0; i < 4; i++) {
        announce(capture, random);
      }
      for (int step = 0; step < STEPS; step++) {
        step(capture, random);
        assertThat(capture.addsUp()).as("round %d, step %d", round, step).isTrue();
      }
      capture.end();
      assertThat(capture.addsUp()).as("round %d", round).isTrue();
      assertThat(capture.open()).as("round %d", round).isZero();
    }
  }

  private static void announce(SimulatedCapture capture, Random random) {
    long cookie = 1 + random.nextInt(5);
    Role role = Role.values()[random.nextInt(3)];
    new SimulatedConnection(capture, cookie, role, random.nextInt(2)).announce();
  }

  private void step(SimulatedCapture capture, Random random) {
    switch (random.nextInt(20)) {
      case 0 -> announce(capture, random);
      case 1 -> capture.stats(Duration.ofSeconds(random.nextInt(20)));
      default -> {
        fill(capture, random);
        capture.decoder.activity(activity);
      }
    }
  }

  private void fill(SimulatedCapture capture, Random random) {
    activity.session = random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(4);
    activity.match =
        activity.session == 0
            ? TlsMatch.NONE
            : TlsMatch.values()[random.nextInt(8) == 0 ? 3 : random.nextInt(3)];
    boolean known =
        activity.session == 0 || activity.match == TlsMatch.IO || activity.match == TlsMatch.THREAD;
    activity.connection = known ? 1 + random.nextInt(5) : 0;
    activity.kind = random.nextInt(5) == 0 ? Kind.SUMMARY : Kind.TRANSFER;
    if (activity.session == 0 && random.nextInt(10) == 0) {
      activity.kind = Kind.CLOSED;
    }
    activity.sequence += random.nextInt(10) == 0 ? random.nextInt(9) - 4 : 1;
    activity.timeNs = capture.tick();
    activity.pid = random.nextInt(4) == 0 ? 9 : SimulatedCapture.PID;
    activity.tid = random.nextInt(3);
    activity.direction = Direction.values()[random.nextInt(2)];
    activity.waits = random.nextBoolean();
    activity.rxOffset = random.nextInt(60);
    activity.txOffset = random.nextInt(60);
    activity.rxLastNs = random.nextInt(9);
    activity.txLastNs = random.nextInt(9);
    activity.rxTail = new byte[random.nextInt(9)];
    activity.txTail = new byte[random.nextInt(9)];
    boolean transfer = activity.kind == Kind.TRANSFER;
    activity.data = SimulatedCapture.bytes(FRAGMENTS[random.nextInt(FRAGMENTS.length)]);
    activity.captured = transfer ? activity.data.length : 0;
    activity.bytes = transfer ? activity.captured + random.nextInt(3) * 10 : 0;
  }
}
