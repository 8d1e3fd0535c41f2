package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A real Prometheus that scrapes Sonde")
class PrometheusIT {
  private static final String SERVED = "http_server_request_duration_seconds";

  @TempDir Path folder;

  @Test
  void answersQueriesWithTheNumbersOfTheServersLog() throws Exception {
    try (WebServer node = WebServer.start(WebServer.Kind.NODE, folder);
        WebServer go = WebServer.start(WebServer.Kind.GO, folder);
        Sonde sonde = Sonde.observingPorts(folder, node.port(), go.port());
        Prometheus prometheus = Prometheus.scraping(folder, sonde.prometheusPort())) {
      for (int i = 0; i < 7; i++) {
        Http.curl(folder, node.url("/"));
      }
      Http.curl(folder, node.url("/status/500"));
      Http.curl(folder, "--data-raw", "twelve bytes", node.url("/echo"));
      Http.curl(folder, go.url("/delay?ms=200"));

      prometheus.awaitValue("sum(" + SERVED + "_count{service_name=\"node-server\"})", 9);
      prometheus.awaitValue(
          "sum("
              + SERVED
              + "_count{service_name=\"node-server\",http_response_status_code=\"500\"})",
          1);
      prometheus.awaitValue(
          "sum("
              + SERVED
              + "_count{service_name=\"node-server\",http_request_method=\"POST\",url_scheme=\"http\"})",
          1);
      prometheus.awaitValue(
          "sum(http_server_request_body_size_bytes_sum{service_name=\"node-server\"})", 12);
      prometheus.awaitValue(
          "sum(http_server_response_body_size_bytes_sum{service_name=\"node-server\"})",
          node.accessLog().stream().mapToLong(AccessLine::bodyBytes).sum());
      prometheus.awaitValue("sum(" + SERVED + "_count{service_name=\"go-server\"})", 1);
      prometheus.awaitValue("sum(" + SERVED + "_bucket{service_name=\"go-server\",le=\"0.1\"})", 0);
      prometheus.awaitValue(
          "sum(" + SERVED + "_bucket{service_name=\"go-server\",le=\"0.25\"})", 1);
      // As a Collector's dashboard asks.
      prometheus.awaitValue("sum(otelcol_receiver_accepted_spans_total) >= bool 10", 1);
      prometheus.awaitValue("count(otelcol_process_uptime_seconds_total)", 1);
      // As Beyla's dashboard joins them; an error or nothing unless instance is one per service.
      prometheus.awaitValue(
          "count(sum by (instance) ("
              + SERVED
              + "_count) + on(instance) group_left(job) (0 * target_info))",
          2);
    }
  }

  @Test
  void findsThatWhatWasSeenIsWhatWasReportedAndWhatWasLost() throws Exception {
    try (WebServer node = WebServer.start(WebServer.Kind.NODE, folder);
        Sonde sonde = Sonde.observingPorts(folder, node.port())) {
      Http.curl(folder, node.url("/"), node.url("/status/404"));
      sonde.awaitTraces(2, trace -> true);

      await("every stage to have passed on all it took")
          .ignoreExceptionsInstanceOf(IOException.class)
          .untilAsserted(() -> assertAddsUp(sonde.metrics()));
    }
  }

  private static void assertAddsUp(Samples samples) {
    assertThat(samples.named("sonde_stage_in_total"))
        .extracting(in -> in.labels().get("stage"))
        .contains("receive", "decode", "print");
    for (Samples.Sample in : samples.named("sonde_stage_in_total")) {
      String stage = in.labels().get("stage");
      double out = samples.sum("sonde_stage_out_total", "stage", stage);
      double lost = samples.sum("sonde_stage_lost_total", "stage", stage);
      assertThat(in.value()).as("what came into " + stage).isEqualTo(out + lost);
    }
    assertThat(samples.sum("sonde_stage_out_total", "stage", "decode")).isEqualTo(2);
    assertThat(samples.sum("sonde_stage_out_total", "stage", "print")).isEqualTo(2);
  }
}
