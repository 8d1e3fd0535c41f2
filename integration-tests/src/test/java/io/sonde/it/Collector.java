package io.sonde.it;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonStreamParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * An OpenTelemetry Collector made by its official builder, which listens at the same places however
 * often it ends and is started again. What it has answered for is in its files, even after SIGKILL.
 */
final class Collector implements AutoCloseable {
  /** Where it takes OTLP over gRPC. */
  private record Address(String transport, String listen, String endpoint) {
    static Address tcp(int port) {
      return new Address("tcp", "127.0.0.1:" + port, "http://127.0.0.1:" + port);
    }

    /** As both the Collector and we write it: a path, or an abstract name behind an @. */
    static Address unix(String name) {
      return new Address("unix", name, "unix://" + name);
    }
  }

  private final Path folder;
  private final Path spans;
  private final Path metrics;
  private final Address grpc;
  private final int httpPort = Ports.free();
  private Program program;

  private Collector(Path folder, Address grpc) {
    this.folder = folder;
    this.spans = folder.resolve("spans.json");
    this.metrics = folder.resolve("metrics.json");
    this.grpc = grpc;
  }

  static Collector start(Path folder) {
    Collector collector = absent(folder);
    collector.start();
    return collector;
  }

  /** To one that exports traces it answers UNIMPLEMENTED. */
  static Collector ofMetricsAlone(Path folder) {
    Collector collector = absent(folder);
    collector.start("collector-metrics-only.yaml", Map.of());
    return collector;
  }

  /** Not started yet. */
  static Collector absent(Path folder) {
    return new Collector(folder, Address.tcp(Ports.free()));
  }

  /**
   * Not started yet.
   *
   * @param name a path, or an abstract name behind an @
   */
  static Collector absentAtUnixSocket(Path folder, String name) {
    return new Collector(folder, Address.unix(name));
  }

  /** Writes what it receives to files. */
  void start() {
    start("collector.yaml", Map.of());
  }

  /**
   * Starts with another configuration.
   *
   * @param replacements of placeholders in the resource, beyond those of every configuration
   */
  void start(String resource, Map<String, String> replacements) {
    launch(resource, replacements);
    program.awaitLine("Everything is ready");
  }

  /** As {@link #start()}, where it may be unable to. */
  Program launch() {
    launch("collector.yaml", Map.of());
    return program;
  }

  private void launch(String resource, Map<String, String> replacements) {
    String binary = GoModules.collector();
    Map<String, String> all = new HashMap<>(replacements);
    all.put("@TRANSPORT@", grpc.transport());
    all.put("@GRPC@", grpc.listen());
    all.put("@HTTP@", "127.0.0.1:" + httpPort);
    all.put("@SPANS@", spans.toString());
    all.put("@METRICS@", metrics.toString());
    Path config = Paths.filled(resource, all, folder.resolve("collector.yaml"));
    // Sonde's receiving half is nobody: it may connect to a socket file only if that says so.
    String command = "umask 0; exec \"$0\" --config \"$1\"";
    program =
        Program.start(
            "collector", folder, List.of("/bin/sh", "-c", command, binary, config.toString()));
  }

  /** SIGTERM: it finishes what it has taken. */
  void stop() {
    program.terminate();
  }

  /** The running one. */
  Program program() {
    return program;
  }

  String grpcEndpoint() {
    return grpc.endpoint();
  }

  String httpEndpoint() {
    return "http://127.0.0.1:" + httpPort;
  }

  /**
   * @param protocol as in {@code OTEL_EXPORTER_OTLP_PROTOCOL}
   */
  String endpoint(String protocol) {
    return protocol.equals("grpc") ? grpcEndpoint() : httpEndpoint();
  }

  /** One list per request received. */
  List<List<OtlpSpan>> spanRequests() {
    return lines(spans)
        .map(
            batch ->
                each(batch, "resourceSpans")
                    .flatMap(
                        ofResource ->
                            each(ofResource, "scopeSpans")
                                .flatMap(scope -> each(scope, "spans"))
                                .map(span -> OtlpSpan.parse(resource(ofResource), span)))
                    .toList())
        .toList();
  }

  List<OtlpSpan> spans() {
    return spanRequests().stream().flatMap(List::stream).toList();
  }

  List<OtlpPoint> histogramPoints() {
    return points(Collector::point, "histogram");
  }

  List<OtlpPoint> exponentialPoints() {
    return points(Collector::point, "exponentialHistogram");
  }

  /** Of counters and gauges, as Sonde's own are. */
  List<OtlpNumber> numbers() {
    return points(Collector::number, "sum", "gauge");
  }

  /** Reads a data point, with the resource and the metric that it stands in. */
  private interface PointReader<P> {
    P read(Map<String, String> resource, JsonObject metric, JsonObject point);
  }

  private <P> List<P> points(PointReader<P> reader, String... types) {
    List<P> all = new ArrayList<>();
    lines(metrics)
        .flatMap(batch -> each(batch, "resourceMetrics"))
        .forEach(
            ofResource ->
                each(ofResource, "scopeMetrics")
                    .flatMap(scope -> each(scope, "metrics"))
                    .forEach(
                        metric ->
                            Stream.of(types)
                                .filter(metric::has)
                                .flatMap(type -> each(metric.getAsJsonObject(type), "dataPoints"))
                                .forEach(
                                    point ->
                                        all.add(
                                            reader.read(resource(ofResource), metric, point)))));
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

  /** A line can hold two objects, where SIGKILL came before the end of the line. */
  private static Stream<JsonObject> lines(Path file) {
    try {
      String text = Files.exists(file) ? Files.readString(file) : "";
      List<JsonObject> all = new ArrayList<>();
      Program.wholeLines(text)
          .lines()
          .map(JsonStreamParser::new)
          .forEach(line -> line.forEachRemaining(object -> all.add(object.getAsJsonObject())));
      return all.stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (program != null) {
      program.close();
    }
  }
}
