package io.sonde.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sonde.pipeline.Instrumentation;
import io.sonde.pipeline.MetricsConfig;
import io.sonde.pipeline.MetricsConfig.ExemplarFilter;
import io.sonde.pipeline.MetricsConfig.Exponential;
import io.sonde.pipeline.MetricsConfig.Feature;
import io.sonde.pipeline.MetricsConfig.Temporality;
import io.sonde.pipeline.Naming;
import io.sonde.pipeline.OtlpConfig;
import io.sonde.pipeline.PipelineConfig;
import io.sonde.pipeline.PipelineConfig.TracePrinter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How metrics are counted, and how to get to each endpoint. */
class ExportOptionsTest {
  private static final String MINIMAL = "discovery.open_port = 80\nprometheus_export.port = 9400\n";

  @TempDir Path dir;
  private final List<String> warnings = new ArrayList<>();

  @Test
  void withoutAnySettingBothOutputsWantWhatOneCountCanServe() throws Exception {
    PipelineConfig.Exports exports = read(MINIMAL).exports();
    assertThat(exports.otlpMetrics()).isEqualTo(MetricsConfig.DEFAULT);
    assertThat(exports.prometheusMetrics())
        .isEqualTo(MetricsConfig.DEFAULT.withExponential(true, new Exponential(3, 160)));
    assertThat(exports.otlpMetrics().shared(exports.prometheusMetrics())).isPresent();
    assertThat(exports.spanBatches()).isEqualTo(PipelineConfig.SpanBatches.DEFAULT);
  }

  @Test
  void theVariablesOfOpenTelemetrySayHowMetricsAreCounted() throws Exception {
    MetricsConfig otlp =
        read(
                MINIMAL,
                "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE",
                "lowmemory",
                "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION",
                "BASE2_EXPONENTIAL_BUCKET_HISTOGRAM",
                "BEYLA_METRICS_EXPONENTIAL_HISTOGRAM_MAX_SIZE",
                "80",
                "OTEL_METRICS_EXEMPLAR_FILTER",
                "always_off",
                "BEYLA_METRICS_TTL",
                "1m")
            .exports()
            .otlpMetrics();
    assertThat(otlp)
        .isEqualTo(
            new MetricsConfig(
                Temporality.LOWMEMORY,
                MetricsConfig.Buckets.DEFAULT,
                false,
                Optional.of(new Exponential(20, 80)),
                ExemplarFilter.ALWAYS_OFF,
                Duration.ofMinutes(1),
                Set.of(Feature.APPLICATION),
                Set.of(Instrumentation.values()),
                Naming.DEFAULT));
  }

  @Test
  void bucketsAreSetForEachOutput() throws Exception {
    PipelineConfig.Exports exports =
        read(MINIMAL
                + """
                    otel_metrics_export.buckets.duration_histogram = [0.1, 1, 10]
                    prometheus_export {
                      buckets { request_size_histogram = "10,20", response_size_histogram = [5] }
                      native_histogram { bucket_factor = 1 }
                      ttl = 1h
                    }
                    """)
            .exports();
    assertThat(exports.otlpMetrics().buckets().durations()).containsExactly(0.1, 1.0, 10.0);
    assertThat(exports.prometheusMetrics().buckets().durations())
        .isEqualTo(MetricsConfig.Buckets.DEFAULT.durations());
    assertThat(exports.prometheusMetrics().buckets().requestSizes()).containsExactly(10.0, 20.0);
    assertThat(exports.prometheusMetrics().buckets().responseSizes()).containsExactly(5.0);
    assertThat(exports.prometheusMetrics().exponential()).isEmpty();
    assertThat(exports.prometheusMetrics().ttl()).isEqualTo(Duration.ofHours(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "[1, 1]", "[2, 1]", "[-1, 2]", "[a]", "[NaN, 1]", "[1, Infinity]"})
  void boundsThatDoNotAscendAreRefused(String bounds) throws Exception {
    assertThat(problems(MINIMAL + "prometheus_export.buckets.duration_histogram = " + bounds))
        .singleElement()
        .asString()
        .contains("it must be a list of numbers, each larger than the one before");
  }

  @ParameterizedTest
  @CsvSource({"1.1, 3", "1.09, 4", "2, 0", "1.0001, 8", "65536, -4", "1.0027, 8", "4, -1"})
  void theFactorOfNativeHistogramsChoosesTheSchemaAsPrometheussClientsDo(
      double factor, int schema) {
    assertThat(MetricSettings.schema(factor)).isEqualTo(schema);
  }

  @Test
  void batchesOfSpansAreSetByTheVariablesOfOpenTelemetryOrBeyla() throws Exception {
    PipelineConfig bsp =
        read(
            MINIMAL,
            "OTEL_BSP_SCHEDULE_DELAY",
            "5000",
            "OTEL_BSP_MAX_QUEUE_SIZE",
            "300",
            "OTEL_BSP_MAX_EXPORT_BATCH_SIZE",
            "512");
    assertThat(bsp.exports().spanBatches())
        .isEqualTo(
            new PipelineConfig.SpanBatches(
                300, Duration.ofSeconds(5), Set.of(Instrumentation.values()), Naming.DEFAULT));
    assertThat(bsp.limits().spanQueue()).isEqualTo(300);
    assertThat(
            read(MINIMAL, "BEYLA_OTLP_TRACES_BATCH_TIMEOUT", "15s")
                .exports()
                .spanBatches()
                .maxDelay())
        .isEqualTo(Duration.ofSeconds(15));
  }

  @ParameterizedTest
  @CsvSource({
    "'', '', true, true, DISABLED, 9400",
    "none, none, false, false, DISABLED, 9400",
    "'console,otlp', '', true, true, TEXT, 9400",
    "console, prometheus, false, false, TEXT, 9400",
    "otlp, 'prometheus,otlp', true, true, DISABLED, 9400",
  })
  void theExportersOfASignalAreChosenByTheVariablesOfOpenTelemetry(
      String traces,
      String metrics,
      boolean otlpTraces,
      boolean otlpMetrics,
      TracePrinter printer,
      int port)
      throws Exception {
    PipelineConfig config =
        read(
            MINIMAL + "otel_export.endpoint = \"http://c:4318\"",
            "OTEL_TRACES_EXPORTER",
            traces,
            "OTEL_METRICS_EXPORTER",
            metrics);
    assertThat(config.otlpTraces().isPresent()).isEqualTo(otlpTraces);
    assertThat(config.otlpMetrics().isPresent()).isEqualTo(otlpMetrics);
    assertThat(config.tracePrinter()).isEqualTo(printer);
    assertThat(config.prometheus().orElseThrow().port()).isEqualTo(port);
  }

  @Test
  void thePageHasThePortOfOpenTelemetryWhereItIsChosenWithoutOne() throws Exception {
    PipelineConfig config = read("discovery.open_port = 80", "OTEL_METRICS_EXPORTER", "prometheus");
    assertThat(config.prometheus().orElseThrow().port()).isEqualTo(9464);
    PipelineConfig other =
        read(
            "discovery.open_port = 80",
            "OTEL_EXPORTER_PROMETHEUS_PORT",
            "9465",
            "OTEL_EXPORTER_PROMETHEUS_HOST",
            "localhost");
    assertThat(other.prometheus().orElseThrow())
        .isEqualTo(new PipelineConfig.Prometheus("localhost", 9465, "/metrics", false));
  }

  @Test
  void aDisabledSdkSendsNothingAndSaysSo() throws Exception {
    PipelineConfig config =
        read(MINIMAL + "otel_export.endpoint = \"http://c:4318\"", "OTEL_SDK_DISABLED", "TRUE");
    assertThat(config.otlpTraces()).isEmpty();
    assertThat(config.otlpMetrics()).isEmpty();
    assertThat(warnings).singleElement().asString().contains("OTEL_SDK_DISABLED");
  }

  @Test
  void certificatesAndAuthenticationAreSetForEachSignalOrForBoth() throws Exception {
    PipelineConfig config =
        read(
            MINIMAL
                + """
                otel_export {
                  endpoint = "https://c:4318"
                  auth.basic { username = me, password = pw }
                  tls { ca_file = /ca, server_name_override = both }
                }
                otel_metrics_export { auth.bearer_token = t, tls.insecure_skip_verify = true }
                """,
            "OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE",
            "/ca-traces",
            "OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE",
            "/cert",
            "OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY",
            "/key");
    OtlpConfig traces = config.otlpTraces().orElseThrow();
    OtlpConfig metrics = config.otlpMetrics().orElseThrow();
    assertThat(traces.tls())
        .isEqualTo(
            new OtlpConfig.Tls(
                Optional.of(Path.of("/ca-traces")),
                Optional.of(Path.of("/cert")),
                Optional.of(Path.of("/key")),
                false,
                Optional.of("both")));
    assertThat(metrics.tls())
        .isEqualTo(
            new OtlpConfig.Tls(
                Optional.of(Path.of("/ca")),
                Optional.empty(),
                Optional.empty(),
                true,
                Optional.of("both")));
    assertThat(traces.auth()).isEqualTo(new OtlpConfig.Basic("me", "pw"));
    assertThat(metrics.auth()).isEqualTo(new OtlpConfig.Bearer("t"));
  }

  @Test
  void whetherAHostAndPortSpeaksTlsIsSetForEachSignal() throws Exception {
    PipelineConfig config =
        read(
            MINIMAL + "otel_export.endpoint = \"c:4317\"",
            "OTEL_EXPORTER_OTLP_METRICS_INSECURE",
            "true");
    assertThat(config.otlpTraces().orElseThrow().endpoint().tls()).isTrue();
    assertThat(config.otlpMetrics().orElseThrow().endpoint().tls()).isFalse();
  }

  @Test
  void aFileThatNothingCanBeSentWithoutIsNamedWithItsKeyAndLine() throws Exception {
    SondeConfig missing =
        config(
            MINIMAL
                + """
                otel_export {
                  endpoint = "https://c"
                  tls.ca_file = /none/ca.pem
                }
                otel_traces_export.auth.bearer_token_file = /none/token
                """,
            "OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE",
            "/none/metrics.pem");
    ConfigurationException refused =
        catchThrowableOfType(ConfigurationException.class, () -> ExportFiles.check(missing));
    assertThat(refused.problems())
        .satisfiesExactly(
            traces ->
                assertThat(traces)
                    .contains("sonde.conf: 7: otel_traces_export.auth.bearer_token_file")
                    .contains("/none/token cannot be used (there is no such file)"),
            metrics ->
                assertThat(metrics)
                    .contains(
                        "environment variable OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE:"
                            + " otel_metrics_export.tls.ca_file: /none/metrics.pem"));

    SondeConfig common =
        config(
            MINIMAL
                + "otel_export { endpoint = \"https://c\", tls.ca_file = /none/ca.pem }\n"
                + "otel_traces_export.tls.server_name_override = x");
    refused = catchThrowableOfType(ConfigurationException.class, () -> ExportFiles.check(common));
    assertThat(refused.problems())
        .singleElement()
        .asString()
        .contains("sonde.conf: 3: otel_export.tls.ca_file: /none/ca.pem cannot be used");
  }

  @Test
  void filesOfAnEndpointThatIsNotSpokenToByTlsAreNotLookedAt() throws Exception {
    ExportFiles.check(
        config(MINIMAL + "otel_export { endpoint = \"http://c\", tls.ca_file = /none/ca.pem }"));
  }

  @Test
  void groupsOfMetricsAreChosenForBothOutputsOrForOneAndWhatIsNotThereYetIsTold() throws Exception {
    PipelineConfig.Exports exports =
        read(
                MINIMAL,
                "BEYLA_METRICS_FEATURES",
                "application,application_span,application_service_graph",
                "BEYLA_PROMETHEUS_FEATURES",
                "*")
            .exports();
    assertThat(exports.otlpMetrics().features())
        .containsExactlyInAnyOrder(Feature.APPLICATION, Feature.APPLICATION_SPAN);
    assertThat(exports.prometheusMetrics().features()).containsExactlyInAnyOrder(Feature.values());
    assertThat(warnings)
        .containsExactly("metrics.features: application_service_graph is not measured yet");
    assertThat(problems(MINIMAL + "metrics.features = [aplication]"))
        .singleElement()
        .asString()
        .contains("sonde.conf: 3: metrics.features")
        .contains("it must be any of application, application_span");
  }

  @Test
  void protocolsThatAreNotDecodedYetAreTakenWithAWord() throws Exception {
    PipelineConfig config =
        read(
            MINIMAL + "otel_export.endpoint = \"http://c:4318\"",
            "BEYLA_TRACES_INSTRUMENTATIONS",
            "kafka,grpc",
            "BEYLA_PROMETHEUS_INSTRUMENTATIONS",
            "sql");
    assertThat(config.otlpTraces()).isPresent();
    assertThat(config.exports().spanBatches().instrumentations())
        .containsExactly(Instrumentation.GRPC);
    assertThat(config.exports().prometheusMetrics().instrumentations()).isEmpty();
    assertThat(config.exports().otlpMetrics().instrumentations())
        .containsExactlyInAnyOrder(Instrumentation.values());
    assertThat(warnings)
        .containsExactly(
            "otel_traces_export.instrumentations: kafka is not decoded yet",
            "prometheus_export.instrumentations: sql is not decoded yet",
            "prometheus_export.instrumentations has neither http nor grpc: nothing is reported"
                + " there");
    assertThat(read(MINIMAL, "BEYLA_TRACES_INSTRUMENTATIONS", "redis").otlpTraces()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'', false, RC",
    "http, false, RC",
    "http/dup, true, RC",
    "'http,http/dup', true, RC",
    "database, false, RC",
    "'http/dup,rpc', true, STABLE",
    "rpc/dup, false, LEGACY STABLE",
    "'rpc,rpc/dup', false, LEGACY STABLE"
  })
  void otherNamesAreThereIfTheyAreOptedInto(String optIn, boolean formerHttp, String rpc)
      throws Exception {
    Set<Naming.Rpc> names =
        Arrays.stream(rpc.split(" ")).map(Naming.Rpc::valueOf).collect(Collectors.toSet());
    Naming expected = new Naming(formerHttp, names);
    PipelineConfig.Exports exports =
        read(MINIMAL, "OTEL_SEMCONV_STABILITY_OPT_IN", optIn).exports();
    assertThat(exports.otlpMetrics().naming()).isEqualTo(expected);
    assertThat(exports.prometheusMetrics().naming()).isEqualTo(expected);
    assertThat(exports.spanBatches().naming()).isEqualTo(expected);
  }

  @Test
  void aWordThatNoConventionHasIsRefused() throws Exception {
    assertThat(problems(MINIMAL + "semconv_stability_opt_in = http/old")).hasSize(1);
    assertThat(problems(MINIMAL + "semconv_stability_opt_in = rpc/old")).hasSize(1);
    assertThat(problems(MINIMAL + "semconv_rpc = [old]")).hasSize(1);
  }

  @Test
  void theNamesOfRpcCanBeChosenWhateverIsOptedInto() throws Exception {
    PipelineConfig.Exports exports =
        read(
                MINIMAL,
                "OTEL_SEMCONV_STABILITY_OPT_IN",
                "http/dup,rpc",
                "SONDE_SEMCONV_RPC",
                "legacy,rc")
            .exports();
    assertThat(exports.spanBatches().naming())
        .isEqualTo(new Naming(true, Set.of(Naming.Rpc.LEGACY, Naming.Rpc.RC)));
  }

  /** The lists of the specification, in their order there. */
  private static final List<String> SPECIFIED =
      List.of(
          "OTEL_SDK_DISABLED",
          "OTEL_ENTITIES",
          "OTEL_RESOURCE_ATTRIBUTES",
          "OTEL_SERVICE_NAME",
          "OTEL_LOG_LEVEL",
          "OTEL_PROPAGATORS",
          "OTEL_TRACES_SAMPLER",
          "OTEL_TRACES_SAMPLER_ARG",
          "OTEL_BSP_SCHEDULE_DELAY",
          "OTEL_BSP_EXPORT_TIMEOUT",
          "OTEL_BSP_MAX_QUEUE_SIZE",
          "OTEL_BSP_MAX_EXPORT_BATCH_SIZE",
          "OTEL_BLRP_SCHEDULE_DELAY",
          "OTEL_BLRP_EXPORT_TIMEOUT",
          "OTEL_BLRP_MAX_QUEUE_SIZE",
          "OTEL_BLRP_MAX_EXPORT_BATCH_SIZE",
          "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT",
          "OTEL_ATTRIBUTE_COUNT_LIMIT",
          "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT",
          "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT",
          "OTEL_SPAN_EVENT_COUNT_LIMIT",
          "OTEL_SPAN_LINK_COUNT_LIMIT",
          "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT",
          "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT",
          "OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT",
          "OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT",
          "OTEL_EXPORTER_ZIPKIN_ENDPOINT",
          "OTEL_EXPORTER_ZIPKIN_TIMEOUT",
          "OTEL_EXPORTER_PROMETHEUS_HOST",
          "OTEL_EXPORTER_PROMETHEUS_PORT",
          "OTEL_TRACES_EXPORTER",
          "OTEL_METRICS_EXPORTER",
          "OTEL_LOGS_EXPORTER",
          "OTEL_METRICS_EXEMPLAR_FILTER",
          "OTEL_METRIC_EXPORT_INTERVAL",
          "OTEL_METRIC_EXPORT_TIMEOUT",
          "OTEL_CONFIG_FILE",
          "OTEL_EXPERIMENTAL_CONFIG_FILE",
          "OTEL_EXPORTER_OTLP_SPAN_INSECURE",
          "OTEL_EXPORTER_OTLP_METRIC_INSECURE",
          "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE",
          "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION");

  private static final List<String> SPECIFIED_FOR_EACH_SIGNAL =
      List.of(
          "ENDPOINT",
          "INSECURE",
          "CERTIFICATE",
          "CLIENT_KEY",
          "CLIENT_CERTIFICATE",
          "HEADERS",
          "COMPRESSION",
          "TIMEOUT",
          "PROTOCOL");

  private static List<String> specified() {
    List<String> all = new ArrayList<>(SPECIFIED);
    for (String signal : List.of("", "TRACES_", "METRICS_", "LOGS_")) {
      SPECIFIED_FOR_EACH_SIGNAL.forEach(name -> all.add("OTEL_EXPORTER_OTLP_" + signal + name));
    }
    return all;
  }

  @Test
  void everyVariableThatTheSpecificationHasForExportersIsHonouredOrAnswered() {
    List<String> options =
        Options.ALL.stream()
            .flatMap(option -> option.variables().stream())
            .flatMap(variable -> variable.spellings().stream())
            .toList();
    assertThat(specified())
        .allSatisfy(
            name ->
                assertThat(options.contains(name))
                    .as("%s is an option or answered, not both", name)
                    .isNotEqualTo(OtelVariables.WITHOUT_EFFECT.containsKey(name)));
    assertThat(new TreeSet<>(specified())).containsAll(OtelVariables.WITHOUT_EFFECT.keySet());
  }

  @Test
  void aVariableWithoutEffectIsAnsweredByOneLine() throws Exception {
    read(MINIMAL, "OTEL_LOGS_EXPORTER", "otlp", "OTEL_METRIC_EXPORT_TIMEOUT", "1");
    assertThat(warnings)
        .satisfiesExactly(
            logs ->
                assertThat(logs)
                    .isEqualTo(
                        "OTEL_LOGS_EXPORTER has no effect here: Sonde exports no log records"),
            timeout -> assertThat(timeout).startsWith("OTEL_METRIC_EXPORT_TIMEOUT has no effect"));
  }

  private PipelineConfig read(String content, String... variables) throws Exception {
    return config(content, variables).pipeline();
  }

  private SondeConfig config(String content, String... variables) throws Exception {
    return ConfigReader.read(file(content), null, Variables.of(variables), warnings);
  }

  private List<String> problems(String content) throws IOException {
    Path file = file(content);
    return catchThrowableOfType(
            ConfigurationException.class, () -> ConfigReader.read(file, null, Map.of(), warnings))
        .problems();
  }

  private Path file(String content) throws IOException {
    return Files.writeString(dir.resolve("sonde.conf"), content);
  }
}
