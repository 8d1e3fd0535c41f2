package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Metrics in the form that was asked for")
class MetricFormsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String DURATION = "http.server.request.duration";

  @TempDir Path folder;

  @BeforeAll
  static void theReceiversNeedARecentGo() {
    GoModules.assumeGoBuildsThem();
  }

  private Sonde sonde(Collector collector, WebServer server, String variable, String value) {
    return Sonde.start(
        folder,
        Map.of(
            "BEYLA_OPEN_PORT",
            Integer.toString(server.port()),
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            collector.httpEndpoint(),
            "OTEL_METRIC_EXPORT_INTERVAL",
            "500",
            variable,
            value));
  }

  private static long requests(List<OtlpPoint> points) {
    return points.stream()
        .filter(point -> point.metric().equals(DURATION))
        .mapToLong(OtlpPoint::count)
        .sum();
  }

  @Test
  void deltasOfACollectorAddUpToWhatWasAsked() {
    try (Collector collector = Collector.start(folder);
        WebServer server = WebServer.start(WebServer.Kind.NGINX, folder);
        Sonde sonde =
            sonde(
                collector, server, "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "delta")) {
      Http.curl(folder, server.url("/"), server.url("/"), server.url("/"));
      sonde.awaitTraces(3, trace -> true);
      await("the first deltas")
          .atMost(PATIENCE)
          .until(() -> requests(collector.histogramPoints()) == 3);
      Http.curl(folder, server.url("/"), server.url("/"));
      sonde.awaitTraces(5, trace -> true);
      await("the sum of all, which would be larger were one a total")
          .atMost(PATIENCE)
          .during(Duration.ofSeconds(2)) // several exports
          .until(() -> requests(collector.histogramPoints()) == 5);
    }
  }

  @Test
  void exponentialHistogramsOfACollectorHaveTheSameCountsAndSums() {
    try (Collector collector = Collector.start(folder);
        WebServer server = WebServer.start(WebServer.Kind.GO, folder);
        Sonde sonde =
            sonde(
                collector,
                server,
                "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION",
                "base2_exponential_bucket_histogram")) {
      Http.curl(folder, server.url("/bytes?n=2000"), server.url("/bytes?n=30"));
      sonde.awaitTraces(2, trace -> true);
      await("both requests")
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(collector.exponentialPoints())
                      .anyMatch(
                          point ->
                              point.metric().equals("http.server.response.body.size")
                                  && point.count() == 2
                                  && point.sum() == 2030));
      assertThat(requests(collector.exponentialPoints())).isPositive();
      assertThat(collector.histogramPoints()).isEmpty();
    }
  }

  @Test
  void nativeHistogramsOfAPrometheusTellTheQuantileToATenth() {
    try (WebServer server = WebServer.start(WebServer.Kind.GO, folder);
        Sonde sonde = Sonde.observingPorts(folder, server.port());
        Prometheus prometheus = Prometheus.scrapingNative(folder, sonde.prometheusPort())) {
      for (int i = 0; i < 5; i++) {
        Http.curl(folder, server.url("/bytes?n=2200"));
      }
      String sizes = "http_server_response_body_size_bytes";
      prometheus.awaitValue("histogram_count(sum(" + sizes + "))", 5);
      // The classic buckets around it end with 2048 and 4096.
      await("the median")
          .atMost(PATIENCE)
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(
              () -> prometheus.query("histogram_quantile(0.5, sum(" + sizes + "))"),
              median -> median > 2200 / 1.1 && median < 2200 * 1.1);
    }
  }

  @Test
  void aSeriesThatIsIdleForTheTimeToLiveIsGoneFromThePageAndBeginsAnew() {
    String served = "http_server_request_duration_seconds_count";
    try (WebServer server = WebServer.start(WebServer.Kind.NGINX, folder);
        Sonde sonde =
            Sonde.configured(
                folder,
                Map.of("BEYLA_OPEN_PORT", Integer.toString(server.port())),
                "prometheus_export.ttl = 2s\n")) {
      Http.curl(folder, server.url("/"), server.url("/"));
      await("the series").atMost(PATIENCE).until(() -> sonde.metrics().sum(served) == 2);
      await("its end").atMost(PATIENCE).until(() -> sonde.metrics().named(served).isEmpty());
      Http.curl(folder, server.url("/"));
      await("its return").atMost(PATIENCE).until(() -> sonde.metrics().sum(served) == 1);
    }
  }
}
