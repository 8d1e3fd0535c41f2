package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
      int answered = wrk(server);

      // wrk ends with answers on their way: the server has logged them, wrk has not read them.
      int logged = server.accessLog().size();
      await("all requests wrk has an answer to")
          .atMost(Duration.ofSeconds(20))
          .ignoreExceptionsInstanceOf(IOException.class)
          .untilAsserted(
              () ->
                  assertThat(sonde.metrics().sum(CALLED, "http_response_status_code", "200"))
                      .isBetween((double) answered, (double) logged));
    }
  }

  /** Returns how many answers it read. */
  private int wrk(WebServer server) {
    String report = Program.run(folder, "wrk", "-t1", "-c16", "-d2s", server.url("/"));
    Matcher requests = Pattern.compile("(\\d+) requests in").matcher(report);
    assertThat(requests.find()).as(report).isTrue();
    return Integer.parseInt(requests.group(1));
  }

  /** Nothing may be lost at this rate; if something is, the account says what. */
  private static void awaitCounted(Sonde sonde, String metric, int expected) throws Exception {
    assertThat(expected).isGreaterThan(200);
    await("all requests of the server's log")
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptionsInstanceOf(IOException.class)
        .untilAsserted(() -> assertThat(sonde.metrics().sum(metric)).isEqualTo(expected));
    // wrk cuts its connections at the end: what it had asked and was never answered is unfinished.
    assertThat(sonde.metrics().named("sonde_stage_lost_total"))
        .allMatch(lost -> lost.has("cause", "unfinished"));
  }
}
