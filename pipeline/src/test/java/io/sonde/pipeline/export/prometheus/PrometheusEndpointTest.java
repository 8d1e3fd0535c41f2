package io.sonde.pipeline.export.prometheus;

import static io.sonde.pipeline.exchange.HttpExchanges.MS;
import static io.sonde.pipeline.exchange.HttpExchanges.exchange;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.prometheus.metrics.expositionformats.generated.com_google_protobuf_4_33_5.Metrics;
import io.sonde.pipeline.MetricsConfig;
import io.sonde.pipeline.MetricsConfig.Exponential;
import io.sonde.pipeline.PipelineConfig;
import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.accounting.Folding;
import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.accounting.SelfMetrics;
import io.sonde.pipeline.event.CaptureStarted;
import io.sonde.pipeline.event.CaptureStarted.ProbeState;
import io.sonde.pipeline.event.CaptureStats;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.HttpExchange;
import io.sonde.pipeline.identity.Service;
import io.sonde.pipeline.linking.Trace;
import io.sonde.pipeline.metrics.MetricStore;
import io.sonde.pipeline.metrics.Observed;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrometheusEndpointTest {
  private static final Service SHOP =
      Observed.service(
          "shop",
          42,
          Map.of("OTEL_RESOURCE_ATTRIBUTES", "service.namespace=retail,a.b=one,a_b=two,job=evil"));

  private final Account account = new Account("metrics");
  private final MetricStore store =
      new MetricStore(100, MetricsConfig.DEFAULT, account, new Folding());
  private final SelfMetrics self = new SelfMetrics();
  private final HttpClient client = HttpClient.newHttpClient();
  private PrometheusEndpoint endpoint;

  @BeforeEach
  void start() throws IOException {
    self.register(account);
    endpoint =
        new PrometheusEndpoint(
            new PipelineConfig.Prometheus("127.0.0.1", 0, "/metrics", false), store, self::collect);
  }

  @AfterEach
  void stop() {
    endpoint.close();
  }

  @Test
  void histogramsHaveTheNamesAndLabelsThatBeylaGivesThem() throws Exception {
    store.accept(exchange().by(SHOP).sizes(3, 70).build());

    String labels =
        "http_request_method=\"GET\",http_response_status_code=\"200\",instance=\"web1:42\","
            + "job=\"retail/shop\",server_address=\"shop.example\",server_port=\"8080\","
            + "service_name=\"shop\",service_namespace=\"retail\",url_scheme=\"http\"";
    assertThat(page().lines())
        .contains(
            "# TYPE http_server_request_duration_seconds histogram",
            "http_server_request_duration_seconds_bucket{" + labels + ",le=\"0.01\"} 0",
            "http_server_request_duration_seconds_bucket{" + labels + ",le=\"0.025\"} 1",
            "http_server_request_duration_seconds_bucket{" + labels + ",le=\"+Inf\"} 1",
            "http_server_request_duration_seconds_count{" + labels + "} 1",
            "http_server_request_duration_seconds_sum{" + labels + "} 0.012",
            "http_server_request_body_size_bytes_sum{" + labels + "} 3.0",
            "http_server_response_body_size_bytes_bucket{" + labels + ",le=\"128.0\"} 1");
  }

  @Test
  void whoAcceptsOpenMetricsGetsTheWayFromABucketToASpan() throws Exception {
    store.accept(
        new Trace(
            exchange().by(SHOP).build(),
            SpanContext.create(
                "0af7651916cd43dd8448eb211c80319c",
                "b7ad6b7169203331",
                TraceFlags.getSampled(),
                TraceState.getDefault()),
            SpanContext.getInvalid(),
            null,
            null));

    String exemplar =
        "le=\"0.025\"} 1 # {span_id=\"b7ad6b7169203331\","
            + "trace_id=\"0af7651916cd43dd8448eb211c80319c\"} 0.012 1000000001.012";
    assertThat(get("/metrics", "application/openmetrics-text; version=1.0.0").body())
        .contains(exemplar)
        .containsOnlyOnce("trace_id");
    assertThat(page()).doesNotContain("trace_id");
  }

  @Test
  void targetInfoSaysWhatIsKnownOfEachServiceAndCannotRenameIt() throws Exception {
    store.accept(exchange().by(SHOP).build());

    assertThat(page().lines().filter(line -> line.startsWith("target_info")))
        .containsExactly(
            "target_info{a_b=\"one;two\",host_id=\"4f6e\",host_name=\"web1\",instance=\"web1:42\","
                + "job=\"retail/shop\",os_type=\"linux\",process_executable_name=\"shop\","
                + "process_executable_path=\"/usr/bin/shop\",process_pid=\"42\","
                + "service_instance_id=\"web1:42\",service_name=\"shop\","
                + "service_namespace=\"retail\",telemetry_distro_name=\"sonde\","
                + "telemetry_sdk_language=\"go\",telemetry_sdk_name=\"sonde\"} 1");
  }

  @Test
  void hostileValuesCannotEndTheirLabel() throws Exception {
    store.accept(
        Observed.withServerAddress(exchange().by(SHOP).build(), "a\"} 1\nevil_total 7\\\ud800"));

    assertThat(page())
        .contains("server_address=\"a\\\"} 1\\nevil_total 7\\\\?\"")
        .doesNotContainPattern("(?m)^evil");
  }

  @Test
  void sondesOwnNumbersAreOnTheSamePage() throws Exception {
    Account decode = new Account("decode");
    decode.in(5);
    decode.out(3);
    decode.lost(LossCause.NOT_HTTP, 2);
    self.register(decode);
    self.captureStarted(
        new CaptureStarted(
            "0123456789abcdef",
            "web1",
            "",
            "",
            "6.18.0",
            0,
            List.of(
                new ProbeState("tcp", true, ""), new ProbeState("uring", false, "no such hook"))));
    self.captureStats("0123456789abcdef", new CaptureStats(0, 0, Map.of("ring_full", 9L)));

    assertThat(page().lines())
        .contains(
            "sonde_stage_in_total{stage=\"decode\"} 5.0",
            "sonde_stage_out_total{stage=\"decode\"} 3.0",
            "sonde_stage_lost_total{cause=\"not_http\",stage=\"decode\"} 2.0",
            "sonde_capture_total{capture=\"01234567\",counter=\"ring_full\",host=\"web1\"} 9.0",
            "sonde_probe_attached{capture=\"01234567\",host=\"web1\",probe=\"tcp\",reason=\"\"} 1.0",
            "sonde_probe_attached{capture=\"01234567\",host=\"web1\",probe=\"uring\","
                + "reason=\"no such hook\"} 0.0",
            "sonde_captures 1.0",
            "sonde_build_info{version=\"unpackaged\"} 1")
        .noneMatch(line -> line.contains("cause=\"ring_full\""));
  }

  @Test
  void accountsOfOneStageAreOneSeries() throws Exception {
    Account first = new Account("decode");
    Account second = new Account("decode");
    first.in(2);
    second.in(3);
    self.register(first);
    self.register(second);

    assertThat(page().lines()).contains("sonde_stage_in_total{stage=\"decode\"} 5.0");
  }

  @Test
  void promtoolFindsNothingToComplainAbout(@TempDir Path dir) throws Exception {
    Assumptions.assumeTrue(promtoolIsThere(), "promtool is not in PATH: the page was not checked");
    store.accept(exchange().by(SHOP).build());
    store.accept(exchange().by(SHOP).role(Role.CLIENT).status(500, "500").build());
    account.lost(LossCause.SERIES_LIMIT, 1);
    self.captureStarted(
        new CaptureStarted("ab", "web1", "", "", "6", 0, List.of(new ProbeState("tcp", true, ""))));
    self.captureStats("ab", new CaptureStats(0, 0, Map.of("records", 9L)));
    Path page = Files.writeString(dir.resolve("page"), page());
    Path said = dir.resolve("said");

    Process promtool =
        new ProcessBuilder("promtool", "check", "metrics")
            .redirectInput(page.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();

    assertThat(promtool.waitFor()).as(Files.readString(said)).isZero();
    assertThat(said).isEmptyFile();
  }

  @Test
  void openMetricsIsForThoseWhoAcceptIt() throws Exception {
    store.accept(exchange().by(SHOP).build());

    HttpResponse<String> plain = get("/metrics", "*/*");
    assertThat(plain.headers().firstValue("Content-Type"))
        .contains("text/plain; version=0.0.4; charset=utf-8");
    HttpResponse<String> open =
        get("/metrics", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5");
    assertThat(open.headers().firstValue("Content-Type"))
        .contains("application/openmetrics-text; version=1.0.0; charset=utf-8");
    assertThat(open.body())
        .contains(
            "# TYPE target info\n",
            "# TYPE sonde_stage_in counter\n",
            "# UNIT http_server_request_duration_seconds seconds\n")
        .endsWith("# EOF\n");
  }

  private static final String PROTOBUF =
      "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";

  @Test
  void whoAcceptsProtobufGetsNativeHistogramsBesideTheOthers() throws Exception {
    try (PrometheusEndpoint natives =
        endpoint(
            MetricsConfig.DEFAULT.withExponential(true, new Exponential(3, 160)),
            false,
            exchange().by(SHOP).sizes(0, 70).build(),
            exchange().by(SHOP).sizes(64, 70).queued(300 * MS).build())) {
      HttpResponse<byte[]> response =
          client.send(
              HttpRequest.newBuilder(uri(natives, "/metrics")).header("Accept", PROTOBUF).build(),
              BodyHandlers.ofByteArray());
      assertThat(response.headers().firstValue("Content-Type").orElseThrow())
          .startsWith("application/vnd.google.protobuf")
          .contains("encoding=delimited");
      Map<String, Metrics.Histogram> histograms = new HashMap<>();
      ByteArrayInputStream body = new ByteArrayInputStream(response.body());
      for (Metrics.MetricFamily family = Metrics.MetricFamily.parseDelimitedFrom(body);
          family != null;
          family = Metrics.MetricFamily.parseDelimitedFrom(body)) {
        if (family.getType() == Metrics.MetricType.HISTOGRAM) {
          histograms.put(family.getName(), family.getMetric(0).getHistogram());
        }
      }

      Metrics.Histogram duration = histograms.get("http_server_request_duration_seconds");
      assertThat(duration.getSampleCount()).isEqualTo(2);
      assertThat(duration.getSchema()).isEqualTo(3);
      assertThat(duration.getPositiveDeltaCount()).isPositive();
      // Bucket i ends with 2^(i/8): 12 ms in (2^-6.5, 2^-6.375], 310 ms in (2^-1.75, 2^-1.625].
      assertThat(duration.getPositiveSpan(0).getOffset()).isEqualTo(-51);
      assertThat(duration.getPositiveSpan(1).getOffset()).isEqualTo(37);
      assertThat(duration.getBucketCount()).as("the classic ones").isEqualTo(16);
      Metrics.Histogram request = histograms.get("http_server_request_body_size_bytes");
      assertThat(request.getZeroCount()).isEqualTo(1);
      assertThat(request.getPositiveSpan(0).getOffset()).as("64 = 2^(48/8)").isEqualTo(48);
    }
  }

  @Test
  void openMetricsTellsWhenAHistogramBeganIfThatIsWanted() throws Exception {
    String openMetrics = "application/openmetrics-text; version=1.0.0";
    try (PrometheusEndpoint created =
        endpoint(MetricsConfig.DEFAULT, true, exchange().by(SHOP).build())) {
      assertThat(get(uri(created, "/metrics"), openMetrics).body())
          .contains("http_server_request_duration_seconds_created{")
          .contains("} 1000000001.012");
      assertThat(get(uri(created, "/metrics"), "*/*").body()).doesNotContain("_created");
    }
    store.accept(exchange().by(SHOP).build());
    assertThat(get("/metrics", openMetrics).body()).doesNotContain("_created");
  }

  private PrometheusEndpoint endpoint(
      MetricsConfig config, boolean created, HttpExchange... exchanges) throws IOException {
    MetricStore other = new MetricStore(100, config, account, new Folding());
    for (HttpExchange exchange : exchanges) {
      other.accept(exchange);
    }
    return new PrometheusEndpoint(
        new PipelineConfig.Prometheus("127.0.0.1", 0, "/metrics", created), other, List::of);
  }

  @Test
  void thereIsNothingButThePage() throws Exception {
    assertThat(get("/", "*/*").statusCode()).isEqualTo(404);
    assertThat(get("/metrics/more", "*/*").statusCode()).isEqualTo(404);
    HttpResponse<Void> post =
        client.send(
            HttpRequest.newBuilder(uri("/metrics"))
                .POST(HttpRequest.BodyPublishers.ofString("x"))
                .build(),
            BodyHandlers.discarding());
    assertThat(post.statusCode()).isEqualTo(405);
  }

  @Test
  void anAddressInUseIsNamed() {
    int port = endpoint.address().getPort();

    assertThatThrownBy(() -> start("127.0.0.1", port))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("127.0.0.1:" + port)
        .hasMessageContaining("Address already in use")
        .hasMessageContaining("prometheus_export.port");
  }

  @Test
  void anUnknownHostIsNamed() {
    assertThatThrownBy(() -> start("no.such.host.invalid", 9400))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no.such.host.invalid:9400");
  }

  private static boolean promtoolIsThere() throws InterruptedException {
    try {
      return new ProcessBuilder("promtool", "--version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException notFound) {
      return false;
    }
  }

  private void start(String host, int port) throws IOException {
    new PrometheusEndpoint(
            new PipelineConfig.Prometheus(host, port, "/m", false), store, self::collect)
        .close();
  }

  private String page() throws Exception {
    HttpResponse<String> response = get("/metrics", "*/*");
    assertThat(response.statusCode()).isEqualTo(200);
    return response.body();
  }

  private HttpResponse<String> get(String path, String accept) throws Exception {
    return get(uri(path), accept);
  }

  private HttpResponse<String> get(URI uri, String accept) throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri)
            .header("Accept", accept)
            .timeout(Duration.ofSeconds(20))
            .build(),
        BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return uri(endpoint, path);
  }

  private static URI uri(PrometheusEndpoint of, String path) {
    return URI.create("http://127.0.0.1:" + of.address().getPort() + path);
  }
}
