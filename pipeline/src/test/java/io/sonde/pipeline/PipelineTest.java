package io.sonde.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sonde.pipeline.PipelineConfig.Limits;
import io.sonde.pipeline.PipelineConfig.Prometheus;
import io.sonde.pipeline.PipelineConfig.SelfMetricsOutput;
import io.sonde.pipeline.PipelineConfig.TracePrinter;
import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.accounting.ExporterStatus;
import io.sonde.pipeline.event.CaptureSink;
import io.sonde.pipeline.event.CaptureStarted;
import io.sonde.pipeline.event.CaptureStarted.ProbeState;
import io.sonde.pipeline.event.CaptureStats;
import io.sonde.pipeline.export.otlp.TestOtlp;
import io.sonde.pipeline.identity.RouteSettings;
import io.sonde.pipeline.identity.SamplerSetting;
import io.sonde.pipeline.identity.SdkCoexistence;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PipelineTest {
  private static final PrintStream NOWHERE =
      new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);

  private static final CaptureStarted CAPTURE =
      new CaptureStarted(
          "0123456789abcdef",
          "myhost",
          "",
          "",
          "6.18",
          0,
          List.of(
              new ProbeState("socket", true, ""),
              new ProbeState("arrival", false, "refused by the kernel's verifier")));

  private static PipelineConfig prometheusOn(int port) {
    return prometheusOn(port, Optional.empty());
  }

  private static PipelineConfig prometheusOn(int port, Optional<OtlpConfig> traces) {
    return new PipelineConfig(
        TracePrinter.DISABLED,
        Optional.of(new Prometheus("127.0.0.1", port, "/metrics", false)),
        traces,
        Optional.empty(),
        Duration.ofSeconds(60),
        new PipelineConfig.Decoding(Duration.ZERO, Set.of()),
        Optional.empty(),
        Map.of(),
        Map.of(),
        SdkCoexistence.Settings.DEFAULT,
        Duration.ofMillis(50),
        SamplerSetting.DEFAULT,
        Set.of(SelfMetricsOutput.PROMETHEUS),
        Optional.empty(),
        new Limits(100, 100, 100, 100, 100),
        PipelineConfig.Exports.DEFAULT,
        new PipelineConfig.Routes(RouteSettings.DEFAULT, Optional.empty()));
  }

  private static String page(Pipeline pipeline) throws Exception {
    int port = pipeline.prometheusAddress().orElseThrow().getPort();
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build(),
            BodyHandlers.ofString())
        .body();
  }

  @Test
  void aTakenPortIsToldWithItsAddressTheReasonTheRemedyAndTheKey() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      int port = taken.getLocalPort();
      PipelineStartException refused =
          catchThrowableOfType(
              PipelineStartException.class, () -> Pipeline.start(prometheusOn(port), NOWHERE));
      assertThat(refused)
          .hasMessageContaining("127.0.0.1:" + port)
          .hasMessageContaining("in use")
          .hasMessageContaining("prometheus_export.port");
      assertThat(refused.key()).isEqualTo("prometheus_export.port");
    }
  }

  @Test
  void thePageShowsOtherStagesAccountsAndWhatTheCaptureSaysOfItself() throws Exception {
    try (Pipeline pipeline = Pipeline.start(prometheusOn(0), NOWHERE)) {
      Account received = new Account("receive");
      received.in(7);
      pipeline.register(received);
      CaptureSink sink = pipeline.open(CAPTURE);
      sink.stats(new CaptureStats(0, 0, Map.of("ring_full", 3L)));

      assertThat(page(pipeline))
          .contains("sonde_stage_in_total{stage=\"receive\"} 7.0")
          .contains("sonde_stage_in_total{stage=\"decode\"} 0.0")
          .containsPattern("sonde_capture_total\\{.*counter=\"ring_full\".*} 3.0")
          .containsPattern("sonde_probe_attached\\{.*probe=\"socket\".*} 1.0")
          .containsPattern("sonde_probe_attached\\{.*probe=\"arrival\",reason=\"refused.*} 0.0");

      sink.close();
      assertThat(page(pipeline)).doesNotContain("sonde_probe_attached{");
    }
  }

  @Test
  void afterTheEndThePortIsFree() throws Exception {
    int port;
    try (Pipeline pipeline = Pipeline.start(prometheusOn(0), NOWHERE)) {
      port = pipeline.prometheusAddress().orElseThrow().getPort();
    }
    try (Pipeline again = Pipeline.start(prometheusOn(port), NOWHERE)) {
      assertThat(page(again)).contains("sonde_build_info");
    }
  }

  @Test
  void anOtlpEndpointThatCannotBeSpokenToIsToldWithTheKeyAndNothingIsLeftRunning()
      throws Exception {
    OtlpConfig.Tls noSuchFile =
        new OtlpConfig.Tls(
            Optional.of(Path.of("/none/ca.pem")),
            Optional.empty(),
            Optional.empty(),
            false,
            Optional.empty());
    OtlpConfig otlp = TestOtlp.grpc("https://127.0.0.1:9").tls(noSuchFile).config();
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    PipelineStartException refused =
        catchThrowableOfType(
            PipelineStartException.class,
            () -> Pipeline.start(prometheusOn(port, Optional.of(otlp)), NOWHERE));
    assertThat(refused.key()).isEqualTo("otel_export.tls.ca_file");
    assertThat(refused)
        .hasMessageStartingWith(
            "otel_export.tls.ca_file: /none/ca.pem cannot be used (there is no");
    try (Pipeline again = Pipeline.start(prometheusOn(port), NOWHERE)) {
      assertThat(page(again)).contains("sonde_build_info");
    }
  }

  @Test
  void howAnExportStandsIsKnownFromTheStart() throws Exception {
    OtlpConfig otlp = TestOtlp.grpc("unix://@sonde-nobody-has-this").config();
    try (Pipeline pipeline = Pipeline.start(prometheusOn(0, Optional.of(otlp)), NOWHERE)) {
      assertThat(pipeline.exporters())
          .singleElement()
          .satisfies(
              traces -> {
                assertThat(traces.signal()).isEqualTo("traces");
                assertThat(traces.state()).isEqualTo(ExporterStatus.State.STARTING);
                assertThat(traces.queue().capacityBytes()).isEqualTo(otlp.queue().maxBytes());
              });
    }
  }
}
