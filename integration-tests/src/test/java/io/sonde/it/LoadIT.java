package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two seconds of wrk: the counts must be the server's own, or what is missing counted as lost. */
@DisplayName("Under load")
class LoadIT {
  private static final String SERVED = "http_server_request_duration_seconds_count";
  private static final String CALLED = "http_client_request_duration_seconds_count";

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void everyRequestIsCountedOnTheServersSide(WebServer.Kind kind) throws Exception {
    try (WebServer server = WebServer.start(kind, folder);
        Sonde sonde =
            Sonde.start(
                folder,
                Map.of("BEYLA_OPEN_PORT", server.port() + "", "BEYLA_TRACE_PRINTER", "disabled"))) {
      wrk(server);

      awaitCounted(sonde, SERVED, server.accessLog().size());
    }
  }

  @Test
  void everyRequestIsCountedOnTheClientsSide() throws Exception {
    try (WebServer server = WebServer.start(WebServer.Kind.NGINX, folder);
        Sonde sonde =
            Sonde.start(
                folder,
                Map.of("BEYLA_AUTO_TARGET_EXE", "*/wrk", "BEYLA_TRACE_PRINTER", "disabled"))) {
      wrk(server);

      // wrk ends with answers on their way: nginx has logged those, wrk has not read them.
      awaitCounted(sonde, CALLED, server.accessLog().size());
    }
  }

  private void wrk(WebServer server) {
    Program.run(folder, "wrk", "-t1", "-c16", "-d2s", server.url("/"));
  }

  /** Nothing may be lost at this rate; if something is, the account says what. */
  private static void awaitCounted(Sonde sonde, String metric, int expected) throws Exception {
    assertThat(expected).isGreaterThan(1000);
    await("all requests of the server's log")
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(sonde.metrics().sum(metric)).isEqualTo(expected));
    assertThat(sonde.metrics().sum("sonde_stage_lost_total")).isZero();
  }
}
