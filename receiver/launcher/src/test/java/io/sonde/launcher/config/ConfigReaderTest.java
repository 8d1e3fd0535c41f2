package io.sonde.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sonde.pipeline.OtlpConfig;
import io.sonde.pipeline.OtlpConfig.Protocol;
import io.sonde.pipeline.PipelineConfig.TracePrinter;
import io.sonde.pipeline.identity.SamplerSetting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {
  private static final String MINIMAL = "discovery.open_port = 80\ntrace_printer = text\n";

  @TempDir Path dir;
  private final List<String> warnings = new ArrayList<>();

  @Test
  void aFileSetsWhatItNamesAndTheRestHasItsDefault() throws Exception {
    SondeConfig config =
        read(
            """
            discovery {
              open_port = [80, "8000-8999"]
              target_pids = "7, 8"
            }
            prometheus_export.port = 9400
            queue_threshold = 1m30s
            resource_attributes { service.namespace = shop, "k8s.cluster" = "a b" }
            """);

    assertThat(config.selection().instrument())
        .singleElement()
        .returns("discovery.open_port+target_pids", SondeConfig.Rule::key)
        .returns(
            Map.of("open_ports", "80,8000-8999", "target_pids", "7,8"), SondeConfig.Rule::criteria);
    assertThat(config.capture())
        .isEqualTo(new SondeConfig.Capture(4096, 1024, 4194304, 65536, true, true, true, ""));
    assertThat(config.receiver().socket()).isEqualTo(Path.of("/run/sonde/capture.sock"));
    assertThat(config.pipeline().prometheus().orElseThrow().port()).isEqualTo(9400);
    assertThat(config.pipeline().prometheus().orElseThrow().path()).isEqualTo("/metrics");
    assertThat(config.pipeline().queueThreshold()).isEqualTo(Duration.ofSeconds(90));
    assertThat(config.pipeline().tracePrinter()).isEqualTo(TracePrinter.DISABLED);
    assertThat(config.pipeline().otlpTraces()).isEmpty();
    assertThat(config.pipeline().resourceAttributes())
        .isEqualTo(Map.of("service.namespace", "shop", "k8s.cluster", "a b"));
    assertThat(config.logLevel()).isEqualTo(LogLevel.INFO);
    assertThat(warnings).isEmpty();
  }

  @Test
  void theSamplerIsNamedAsOpenTelemetryNamesIt() throws Exception {
    assertThat(read(MINIMAL).pipeline().sampler()).isEqualTo(SamplerSetting.DEFAULT);
    assertThat(
            read(MINIMAL, "OTEL_TRACES_SAMPLER", "traceidratio", "OTEL_TRACES_SAMPLER_ARG", "0.25")
                .pipeline()
                .sampler())
        .isEqualTo(new SamplerSetting(SamplerSetting.Name.TRACEIDRATIO, 0.25));
    assertThat(
            read(MINIMAL + "otel_traces_export.sampler.name = parentbased_always_off")
                .pipeline()
                .sampler()
                .name())
        .isEqualTo(SamplerSetting.Name.PARENTBASED_ALWAYS_OFF);
  }

  @ParameterizedTest
  @ValueSource(strings = {"SONDE_", "OTEL_EBPF_", "BEYLA_", "BEYLA_OTEL_", ""})
  void everySpellingOfBeylasVariablesGoesBeforeTheFile(String prefix) throws Exception {
    SondeConfig config = read(MINIMAL, prefix + "OPEN_PORT", "443", prefix + "LOG_LEVEL", "DEBUG");
    assertThat(openPorts(config)).isEqualTo("443");
    assertThat(config.logLevel()).isEqualTo(LogLevel.DEBUG);
    assertThat(warnings).hasSize(prefix.isEmpty() ? 2 : 0);
  }

  @Test
  void ofTwoSpellingsObisWinsAndTheOtherIsNamed() throws Exception {
    SondeConfig config = read(MINIMAL, "BEYLA_OPEN_PORT", "1", "OTEL_EBPF_OPEN_PORT", "2");
    assertThat(openPorts(config)).isEqualTo("2");
    assertThat(warnings)
        .containsExactly("BEYLA_OPEN_PORT is ignored: OTEL_EBPF_OPEN_PORT is set too");
  }

  @Test
  void theOtherVariablesOfABeylaUserWorkWithoutAnyFile() throws Exception {
    SondeConfig config =
        environment(
            "OTEL_GO_AUTO_TARGET_EXE", "*/shop",
            "BEYLA_EXECUTABLE_NAME", "ng.nx",
            "OTEL_EBPF_TARGET_PID", "1,2",
            "PRINT_TRACES", "true",
            "BEYLA_PROMETHEUS_PORT", "8999",
            "BEYLA_PROMETHEUS_PATH", "/m",
            "OTEL_METRIC_EXPORT_INTERVAL", "5000",
            "OTEL_SERVICE_NAME", "shop",
            "OTEL_RESOURCE_ATTRIBUTES", "team=a%2Cb,zone=1");

    assertThat(config.selection().instrument())
        .singleElement()
        .returns(Map.of("exe_path", "*/shop", "target_pids", "1,2"), SondeConfig.Rule::criteria);
    assertThat(config.pipeline().tracePrinter()).isEqualTo(TracePrinter.TEXT);
    assertThat(config.pipeline().prometheus().orElseThrow().path()).isEqualTo("/m");
    assertThat(config.pipeline().metricsInterval()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.pipeline().serviceName()).contains("shop");
    assertThat(config.pipeline().resourceAttributes())
        .isEqualTo(Map.of("team", "a,b", "zone", "1"));
    assertThat(warnings)
        .satisfiesExactlyInAnyOrder(
            w -> assertThat(w).startsWith("BEYLA_EXECUTABLE_NAME is deprecated"),
            w -> assertThat(w).startsWith("PRINT_TRACES is deprecated"),
            w -> assertThat(w).startsWith("discovery.executable_name is ignored"));
  }

  private static String openPorts(SondeConfig config) {
    return config.selection().instrument().get(0).criteria().get("open_ports");
  }

  @Test
  void anEmptyVariableIsNotSetAndAnUnknownOneIsNamed() throws Exception {
    SondeConfig config = read(MINIMAL, "BEYLA_OPEN_PORT", "", "BEYLA_NETWORK_METRICS", "true");
    assertThat(openPorts(config)).isEqualTo("80");
    assertThat(warnings)
        .containsExactly(
            "BEYLA_NETWORK_METRICS has no effect here: metrics of network flows come later");
  }

  @Test
  void theFileMayBeNamedByAVariable() throws Exception {
    Path file = file("discovery.open_port = 81\ntrace_printer = json");
    SondeConfig config = environment("BEYLA_CONFIG_PATH", file.toString());
    assertThat(openPorts(config)).isEqualTo("81");
  }

  @ParameterizedTest
  @CsvSource({
    "http://c:4317, , GRPC, http://c:4317, http://c:4317",
    "http://c:4318, , HTTP_PROTOBUF, http://c:4318/v1/traces, http://c:4318/v1/metrics",
    "https://c/otlp/, , HTTP_PROTOBUF, https://c/otlp/v1/traces, https://c/otlp/v1/metrics",
    "http://c:4318/x, grpc, GRPC, http://c:4318, http://c:4318",
    "http://c:4317, http/protobuf, HTTP_PROTOBUF, http://c:4317/v1/traces,"
        + " http://c:4317/v1/metrics",
  })
  void theCommonEndpointServesBothSignals(
      String endpoint, String protocol, Protocol expected, String traces, String metrics)
      throws Exception {
    SondeConfig config =
        read(
            MINIMAL,
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            endpoint,
            "OTEL_EXPORTER_OTLP_PROTOCOL",
            protocol == null ? "" : protocol);
    assertThat(config.pipeline().otlpTraces().orElseThrow().protocol()).isEqualTo(expected);
    assertThat(config.pipeline().otlpTraces().orElseThrow().endpoint()).hasToString(traces);
    assertThat(config.pipeline().otlpMetrics().orElseThrow().endpoint()).hasToString(metrics);
  }

  @Test
  void whatIsSetForOneSignalGoesBeforeWhatIsSetForBoth() throws Exception {
    SondeConfig config =
        read(
            MINIMAL
                + """
                otel_export { headers { a = 1, b = 2 }, compression = gzip, timeout = 3s }
                otel_traces_export { endpoint = "http://t/custom", headers { b = 3 } }
                """,
            "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
            "http://m:4318",
            "OTEL_EXPORTER_OTLP_METRICS_TIMEOUT",
            "500");
    assertThat(config.pipeline().otlpTraces().orElseThrow())
        .satisfies(
            traces -> {
              assertThat(traces.endpoint()).hasToString("http://t/custom");
              assertThat(traces.headers()).isEqualTo(Map.of("a", "1", "b", "3"));
              assertThat(traces.gzip()).isTrue();
              assertThat(traces.timeout()).isEqualTo(Duration.ofSeconds(3));
            });
    assertThat(config.pipeline().otlpMetrics().orElseThrow())
        .satisfies(
            metrics -> {
              assertThat(metrics.endpoint()).hasToString("http://m:4318/v1/metrics");
              assertThat(metrics.timeout()).isEqualTo(Duration.ofMillis(500));
            });
  }

  @ParameterizedTest
  @CsvSource({
    "unix:///run/otlp.sock, , GRPC, unix:///run/otlp.sock, ''",
    "unix://@alloy, http/protobuf, HTTP_PROTOBUF, unix://@alloy, /v1/traces",
    "c:4317, , GRPC, https://c:4317, ''",
  })
  void unixSocketsAndTheCollectorsHostAndPortAreEndpoints(
      String endpoint, String protocol, Protocol expected, String shown, String path)
      throws Exception {
    OtlpConfig traces =
        read(
                MINIMAL + "otel_export.endpoint = \"" + endpoint + "\"",
                "OTEL_EXPORTER_OTLP_PROTOCOL",
                protocol == null ? "" : protocol)
            .pipeline()
            .otlpTraces()
            .orElseThrow();
    assertThat(traces.protocol()).isEqualTo(expected);
    assertThat(traces.endpoint()).hasToString(shown);
    assertThat(traces.endpoint().path()).isEqualTo(path);
  }

  @Test
  void howToSendIsSaidInSectionsOrByTheVariablesOfOpenTelemetryAndBeyla() throws Exception {
    OtlpConfig traces =
        read(
                MINIMAL
                    + """
                    otel_export {
                      endpoint = "c:4317"
                      auth { basic { username = me, password = s3cret } }
                      tls { key_file = /k, server_name_override = c.example }
                      queue { directory = /var/lib/sonde, max_disk_bytes = 2GiB }
                      max_request_bytes = 1MiB
                    }
                    """,
                "OTEL_EXPORTER_OTLP_CERTIFICATE",
                "/ca",
                "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE",
                "/cert",
                "OTEL_EXPORTER_OTLP_INSECURE",
                "true",
                "BEYLA_INSECURE_SKIP_VERIFY",
                "true",
                "BEYLA_BACKOFF_INITIAL_INTERVAL",
                "2s",
                "OTEL_EBPF_BACKOFF_MAX_ELAPSED_TIME",
                "5m")
            .pipeline()
            .otlpTraces()
            .orElseThrow();
    assertThat(traces.endpoint()).hasToString("http://c:4317");
    assertThat(traces.auth()).isEqualTo(new OtlpConfig.Basic("me", "s3cret"));
    assertThat(traces.tls())
        .isEqualTo(
            new OtlpConfig.Tls(
                Optional.of(Path.of("/ca")),
                Optional.of(Path.of("/cert")),
                Optional.of(Path.of("/k")),
                true,
                Optional.of("c.example")));
    assertThat(traces.backoff())
        .isEqualTo(
            new OtlpConfig.Backoff(
                Duration.ofSeconds(2), Duration.ofSeconds(30), Duration.ofMinutes(5)));
    assertThat(traces.queue())
        .isEqualTo(new OtlpConfig.Queue(Optional.of(Path.of("/var/lib/sonde")), 2L << 30));
    assertThat(traces.maxRequestBytes()).isEqualTo(1 << 20);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "endpoint = \"c:4318\" | otel_export.endpoint is c:4318: over http/protobuf it must begin",
        "endpoint = \"http://c\", auth.basic.username = me | needs both username and password",
        "endpoint = \"http://c\", auth { basic { username = a, password = b }, bearer_token = c } |"
            + " keep one",
        "endpoint = \"http://c\", auth.bearer_token = c, headers { authorization = d } | keep one of",
        "endpoint = \"http://c\", tls.cert_file = /c | cert_file and key_file need each other",
        "endpoint = \"http://c\", headers { \"a b\" = c } | otel_export.headers: a b cannot be sent",
        "endpoint = \"http://c\", backoff_initial_interval = 1m | backoff_initial_interval must be",
      })
  void whatDoesNotGoTogetherIsNamedOnce(String settings, String problem) throws Exception {
    assertThat(problems(MINIMAL + "otel_export { " + settings + " }"))
        .singleElement()
        .asString()
        .contains(problem);
  }

  @Test
  void aWrongKeyIsNamedWithItsLineAndTheNearestRightOne() throws Exception {
    assertThat(problems(MINIMAL + "prometheus_export { prot = 1 }\nfoo = 1\n"))
        .containsExactlyInAnyOrder(
            dir
                + "/sonde.conf: 3: unknown key prometheus_export.prot: did you mean"
                + " prometheus_export.port?",
            dir + "/sonde.conf: 4: unknown key foo: remove it; conf/sonde.conf lists all keys");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "prometheus_export.port = abc | \"abc\": it must be a number from 0 to 65535",
        "prometheus_export.port = 65536 | 65536: it must be a number from 0 to 65535",
        "prometheus_export.port = [1] | [1]: it must be a number from 0 to 65535",
        "prometheus_export.path = metrics | \"metrics\": it must be a path that starts with /",
        "discovery.open_port = 0 | it must be ports and ranges of ports from 1 to 65535",
        "discovery.open_port = 90-80 | it must be ports and ranges of ports from 1 to 65535",
        "discovery.executable_name = \"(\" | it must be a regular expression",
        "discovery.target_pids = [99999999999] | it must be a list of numbers",
        "trace_printer = xml | it must be one of disabled, text, json, json_indent, counter",
        "otel_export.protocol = http/json | it must be one of grpc, http/protobuf",
        "otel_export.endpoint = localhost | it must be an address as http://localhost:4318",
        "otel_export.endpoint = \"ftp://c\" | it must be an address as http://localhost:4318",
        "otel_export.endpoint = \"unix://otlp.sock\" | it must be an address as http",
        "otel_export.tls.insecure = 1 | it must be true or false",
        "otel_export.queue.max_bytes = 1MB | it must be a size as 16MiB, 512KiB or 1GiB",
        "otel_export.timeout = soon | it must be a duration",
        "capture.ring_bytes = 100000 | it must be a power of two",
        "receiver.socket = run/s | it must be an absolute path",
        "log_level = { a = 1 } | it must be one of debug, info, warn, error",
        "resource_attributes = 7 | it must be an object",
        "service_name = \"a\\nb\" | it must be a text on one line",
      })
  void aWrongValueIsNamedWithItsKeyItsLineAndWhatItMustBe(String line, String message)
      throws Exception {
    String key = line.substring(0, line.indexOf(' '));
    assertThat(problems(MINIMAL + line))
        .singleElement()
        .satisfies(
            problem ->
                assertThat(problem)
                    .startsWith(dir + "/sonde.conf: 3: " + key + " is ")
                    .contains(message));
  }

  @Test
  void aWrongValueOfAVariableNamesTheVariable() throws Exception {
    assertThat(problems(MINIMAL, "BEYLA_PROMETHEUS_PORT", "many"))
        .containsExactly(
            "environment variable BEYLA_PROMETHEUS_PORT: prometheus_export.port is \"many\": it"
                + " must be a number from 0 to 65535");
  }

  @Test
  void aSecretIsNotShownEvenWhenItIsWrong() throws Exception {
    assertThat(problems(MINIMAL, "OTEL_EXPORTER_OTLP_HEADERS", "s3cret"))
        .singleElement()
        .asString()
        .contains("otel_export.headers is not understood")
        .doesNotContain("s3cret");
  }

  @Test
  void brokenSyntaxNamesTheLine() throws Exception {
    assertThat(problems("trace_printer = text\n}\n")).singleElement().asString().contains(": 2:");
  }

  @Test
  void aMissingFileIsNamed() {
    Path missing = dir.resolve("none.conf");
    ConfigurationException e =
        catchThrowableOfType(
            ConfigurationException.class,
            () -> ConfigReader.read(missing, null, Map.of(), warnings));
    assertThat(e.problems()).singleElement().asString().startsWith(missing + ": no such file");
  }

  @Test
  void withoutExporterOrSelectionThereIsNothingToDo() throws Exception {
    assertThat(problems(""))
        .satisfiesExactly(
            p -> assertThat(p).startsWith("nothing is selected to be observed"),
            p -> assertThat(p).startsWith("you need to define at least one exporter"));
  }

  @Test
  void eachHalfDoesWithoutTheSettingsOfTheOther() throws Exception {
    ConfigReader.read(
        file("discovery.open_port = 80"), null, Map.of(), Set.of(Half.CAPTURE), warnings);
    ConfigReader.read(
        file("trace_printer = text"), null, Map.of(), Set.of(Half.RECEIVER), warnings);
    assertThat(warnings).isEmpty();
  }

  private SondeConfig read(String content, String... variables) throws Exception {
    return ConfigReader.read(file(content), null, Variables.of(variables), warnings);
  }

  private SondeConfig environment(String... variables) throws ConfigurationException {
    return ConfigReader.read(null, null, Variables.of(variables), warnings);
  }

  private List<String> problems(String content, String... variables) throws IOException {
    Path file = file(content);
    return catchThrowableOfType(
            ConfigurationException.class,
            () -> ConfigReader.read(file, null, Variables.of(variables), warnings))
        .problems();
  }

  private Path file(String content) throws IOException {
    return Files.writeString(dir.resolve("sonde.conf"), content);
  }
}
