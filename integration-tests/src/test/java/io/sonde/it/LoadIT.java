package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The counts are the server's own, and what is missing is counted as lost. */
@DisplayName("Under load")
class LoadIT {
  private static final String SERVED = "http_server_request_duration_seconds_count";
  private static final String CALLED = "http_client_request_duration_seconds_count";
  private static final String LOST = "sonde_stage_lost_total";
  private static final int CONNECTIONS = 16;

  /** That one lost record can cost: the one it was of, and the one after it. */
  private static final int EXCHANGES_OF_A_RECORD = 2;

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(to = "GO")
  void everyRequestIsCountedExactlyAsTheServerLoggedIt(WebServer.Kind kind) {
    try (WebServer server = WebServer.start(kind, folder);
        WebServer client = WebServer.start(WebServer.Kind.GO, folder);
        Sonde sonde = sondeCounting("BEYLA_OPEN_PORT", server.port() + "," + client.port())) {
      Http.curl(folder, client.url("/call?times=2003&url=" + server.url("/status/404")));

      await("both sides of all requests")
          .atMost(PATIENCE)
          .ignoreExceptionsInstanceOf(IOException.class)
          .untilAsserted(
              () -> {
                assertThat(server.accessLog()).hasSize(2003);
                assertThat(counted(sonde, SERVED, "404")).isEqualTo(2003);
                assertThat(counted(sonde, CALLED, "404")).isEqualTo(2003);
                assertThat(sonde.metrics().sum(LOST)).isZero();
              });
    }
  }

  @ParameterizedTest
  @EnumSource(to = "GO")
  void everyRequestIsReportedOrCountedAsLostOnTheServersSide(WebServer.Kind kind) {
    try (WebServer server = WebServer.start(kind, folder);
        Sonde sonde = sondeCounting("BEYLA_OPEN_PORT", Integer.toString(server.port()))) {
      assertNoneMissing(sonde, SERVED, wrk(server));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NGINX", "NODE", "GO"})
  void everyRequestOverTlsIsReportedOrCountedAsLostOnTheServersSide(TlsServer kind) {
    try (WebServer server = kind.start(Certificate.make(folder), folder);
        Sonde sonde = sondeCounting("BEYLA_OPEN_PORT", Integer.toString(server.port()))) {
      sonde.awaitHooked(kind);
      assertNoneMissing(sonde, SERVED, wrk(server));
    }
  }

  @Test
  void everyRequestIsReportedOrCountedAsLostOnTheClientsSide() {
    try (WebServer server = WebServer.start(WebServer.Kind.NGINX, folder);
        Sonde sonde = sondeCounting("BEYLA_AUTO_TARGET_EXE", "*/wrk")) {
      assertNoneMissing(sonde, CALLED, wrk(server));
    }
  }

  private Sonde sondeCounting(String variable, String value) {
    return Sonde.start(folder, Map.of(variable, value, "BEYLA_TRACE_PRINTER", "disabled"));
  }

  /** Returns how many answers it read. */
  private int wrk(WebServer server) {
    String report = Program.run(folder, "wrk", "-t1", "-c" + CONNECTIONS, "-d2s", server.url("/"));
    Matcher requests = Pattern.compile("(\\d+) requests in").matcher(report);
    assertThat(requests.find()).as(report).isTrue();
    return Integer.parseInt(requests.group(1));
  }

  /**
   * When its time is up, wrk cuts off at most one request for each connection. Whether its server
   * answered, began to or failed to is nobody's guess, so they may be counted or not; nothing else.
   * Where the machine is so busy that the ring buffer was full, what that cost is counted, and no
   * more than that.
   */
  private static void assertNoneMissing(Sonde sonde, String metric, int answered) {
    assertThat(answered).isGreaterThan(200);
    await("all requests that were answered")
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(IOException.class)
        .untilAsserted(
            () -> {
              Samples samples = sonde.metrics();
              int lost = (int) samples.sum(LOST);
              assertThat((int) samples.sum(metric, "http_response_status_code", "200"))
                  .as(() -> account(samples, metric))
                  .isBetween(answered - lost, answered + CONNECTIONS);
              int full = (int) samples.sum("sonde_capture_total", "counter", "ring_full");
              assertThat(lost)
                  .as(() -> account(samples, metric))
                  .isLessThanOrEqualTo(CONNECTIONS + EXCHANGES_OF_A_RECORD * full);
            });
  }

  /** Everything that may say where a request went. */
  private static String account(Samples samples, String metric) {
    return Stream.of(metric, LOST, "sonde_stage_in_total", "sonde_capture_total")
        .flatMap(name -> samples.named(name).stream())
        .filter(sample -> sample.value() != 0)
        .map(sample -> sample.name() + sample.labels() + " " + sample.value())
        .collect(Collectors.joining("\n"));
  }

  private static int counted(Sonde sonde, String metric, String status)
      throws IOException, InterruptedException {
    return (int) sonde.metrics().sum(metric, "http_response_status_code", status);
  }
}
