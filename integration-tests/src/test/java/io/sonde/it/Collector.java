package io.sonde.it;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** An OpenTelemetry Collector made by its official builder, writing what it receives to files. */
final class Collector implements AutoCloseable {
  private final Program program;
  private final Path spans;
  private final Path metrics;
  private final int grpcPort;
  private final int httpPort;

  private Collector(Program program, Path spans, Path metrics, int grpcPort, int httpPort) {
    this.program = program;
    this.spans = spans;
    this.metrics = metrics;
    this.grpcPort = grpcPort;
    this.httpPort = httpPort;
  }

  /** Built on first use, then cached. */
  static String binary() {
    return Binary.PATH;
  }

  static Collector start(Path folder) {
    return start(folder, "");
  }

  /** To one that exports traces it answers UNIMPLEMENTED. */
  static Collector ofMetricsAlone(Path folder) {
    return start(folder, "    traces: .*\n");
  }

  /**
   * @param without regular expression of what is left out of the configuration
   */
  private static Collector start(Path folder, String without) {
    String binary = binary();
    Path spans = folder.resolve("spans.json");
    Path metrics = folder.resolve("metrics.json");
    int grpcPort = Ports.free();
    int httpPort = Ports.free();
    Path config = folder.resolve("collector.yaml");
    try {
      Files.writeString(
          config,
          Files.readString(Paths.resource("collector.yaml"))
              .replaceFirst(without, "")
              .replace("@GRPC@", "127.0.0.1:" + grpcPort)
              .replace("@HTTP@", "127.0.0.1:" + httpPort)
              .replace("@SPANS@", spans.toString())
              .replace("@METRICS@", metrics.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Program program =
        Program.start("collector", folder, List.of(binary, "--config", config.toString()));
    program.awaitLine("Everything is ready");
    return new Collector(program, spans, metrics, grpcPort, httpPort);
  }

  String grpcEndpoint() {
    return "http://127.0.0.1:" + grpcPort;
  }

  String httpEndpoint() {
    return "http://127.0.0.1:" + httpPort;
  }

  List<OtlpSpan> spans() {
    List<OtlpSpan> all = new ArrayList<>();
    lines(spans)
        .flatMap(batch -> each(batch, "resourceSpans"))
        .forEach(
            ofResource ->
                each(ofResource, "scopeSpans")
                    .flatMap(scope -> each(scope, "spans"))
                    .forEach(span -> all.add(OtlpSpan.parse(resource(ofResource), span))));
    return all;
  }

  List<OtlpPoint> histogramPoints() {
    List<OtlpPoint> all = new ArrayList<>();
    lines(metrics)
        .flatMap(batch -> each(batch, "resourceMetrics"))
        .forEach(
            ofResource ->
                each(ofResource, "scopeMetrics")
                    .flatMap(scope -> each(scope, "metrics"))
                    .filter(metric -> metric.has("histogram"))
                    .forEach(
                        metric ->
                            each(metric.getAsJsonObject("histogram"), "dataPoints")
                                .forEach(
                                    point -> all.add(point(resource(ofResource), metric, point)))));
    return all;
  }

  /** Of counters and gauges, as Sonde's own are. */
  List<OtlpNumber> numbers() {
    List<OtlpNumber> all = new ArrayList<>();
    lines(metrics)
        .flatMap(batch -> each(batch, "resourceMetrics"))
        .forEach(
            ofResource ->
                each(ofResource, "scopeMetrics")
                    .flatMap(scope -> each(scope, "metrics"))
                    .forEach(
                        metric ->
                            Stream.of("sum", "gauge")
                                .filter(metric::has)
                                .flatMap(type -> each(metric.getAsJsonObject(type), "dataPoints"))
                                .forEach(
                                    point ->
                                        all.add(number(resource(ofResource), metric, point)))));
    return all;
  }

  private static OtlpNumber number(
      Map<String, String> resource, JsonObject metric, JsonObject point) {
    return new OtlpNumber(
        resource,
        metric.get("name").getAsString(),
        (point.has("asInt") ? point.get("asInt") : point.get("asDouble")).getAsDouble(),
        OtlpSpan.attributes(point));
  }

  private static OtlpPoint point(Map<String, String> resource, JsonObject metric, JsonObject json) {
    return new OtlpPoint(
        resource,
        metric.get("name").getAsString(),
        metric.get("unit").getAsString(),
        json.get("count").getAsLong(),
        json.get("sum").getAsDouble(),
        OtlpSpan.attributes(json));
  }

  private static Map<String, String> resource(JsonObject ofResource) {
    return OtlpSpan.attributes(ofResource.getAsJsonObject("resource"));
  }

  private static Stream<JsonObject> each(JsonObject owner, String array) {
    return owner.has(array)
        ? owner.getAsJsonArray(array).asList().stream().map(JsonElement::getAsJsonObject)
        : Stream.empty();
  }

  /** Whole lines only: the last one may still be being written. */
  private static Stream<JsonObject> lines(Path file) {
    try {
      String text = Files.exists(file) ? Files.readString(file) : "";
      return text.substring(0, text.lastIndexOf('\n') + 1)
          .lines()
          .map(line -> JsonParser.parseString(line).getAsJsonObject());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    program.close();
  }

  private static final class Binary {
    static final String PATH =
        Program.run(
                Path.of(System.getProperty("java.io.tmpdir")),
                Paths.root().resolve("integration-tests/collector/build").toString())
            .strip();
  }
}
