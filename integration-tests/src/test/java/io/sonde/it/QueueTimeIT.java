package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Time spent waiting")
class QueueTimeIT {
  private static final int HANDLER_MS = 300;
  private static final int APART_MS = 100;

  /** What a busy machine may add between our start of curl and its connection. */
  private static final long TOLERANCE_MS = 80;

  @TempDir Path folder;

  @Test
  void forASingleThreadedServerIsTheTimeTheOthersTook() {
    try (WebServer server = WebServer.singleThreadedPython(folder);
        Sonde sonde = Sonde.observingPorts(folder, server.port())) {
      List<Program> clients = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        List<String> curl = List.of("curl", "-sS", server.url("/delay?ms=" + HANDLER_MS));
        clients.add(Program.start("curl", folder, curl));
        await().pollDelay(Duration.ofMillis(APART_MS)).until(() -> true);
      }
      clients.forEach(client -> client.awaitExit(Duration.ofSeconds(10)));

      List<Trace> traces =
          sonde.awaitTraces(3, trace -> true).stream()
              .sorted(Comparator.comparingLong(Trace::queuedUs))
              .toList();

      assertThat(traces)
          .allSatisfy(
              trace -> assertThat(ms(trace.handlerUs())).isCloseTo(HANDLER_MS, within(30L)));
      for (int i = 0; i < 3; i++) {
        assertThat(ms(traces.get(i).queuedUs()))
            .isCloseTo((long) i * (HANDLER_MS - APART_MS), within(TOLERANCE_MS));
      }
    }
  }

  private static long ms(long us) {
    return TimeUnit.MICROSECONDS.toMillis(us);
  }
}
