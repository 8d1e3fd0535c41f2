package io.sonde.it;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A Jaeger with its storage in memory. */
final class Jaeger implements AutoCloseable {
  /**
   * A span as its query API tells it.
   *
   * @param parent span id; empty for the first of a trace
   * @param resource attributes, without the service's name
   */
  record Span(
      String service,
      String traceId,
      String spanId,
      Optional<String> parent,
      String operation,
      long startUs,
      long durationUs,
      Map<String, String> tags,
      Map<String, String> resource) {}

  private final Program program;
  private final String queryUrl;
  private final String otlpAddress;

  private Jaeger(Program program, String queryUrl, String otlpAddress) {
    this.program = program;
    this.queryUrl = queryUrl;
    this.otlpAddress = otlpAddress;
  }

  static Jaeger start(Path folder) {
    String otlp = "127.0.0.1:" + Ports.free();
    String query = "127.0.0.1:" + Ports.free();
    Path config =
        Paths.filled(
            "jaeger.yaml",
            Map.of(
                "@OTLP@", otlp, "@QUERY_HTTP@", query, "@QUERY_GRPC@", "127.0.0.1:" + Ports.free()),
            folder.resolve("jaeger.yaml"));
    Program program =
        Program.start("jaeger", folder, List.of(GoModules.jaeger(), "--config", config.toString()));
    program.awaitLine("Everything is ready");
    return new Jaeger(program, "http://" + query, otlp);
  }

  /** Takes OTLP over gRPC. */
  String otlpAddress() {
    return otlpAddress;
  }

  /** The spans of a trace; none when there is no such trace. */
  List<Span> trace(String id) throws IOException, InterruptedException {
    HttpResponse<String> answer = Http.get(queryUrl + "/api/traces/" + id);
    return answer.statusCode() == 404 ? List.of() : spans(answer);
  }

  /** All spans of all traces that the service has a part in. */
  List<Span> tracesOf(String service) throws IOException, InterruptedException {
    return spans(Http.get(queryUrl + "/api/traces?limit=1000&service=" + service));
  }

  private static List<Span> spans(HttpResponse<String> answer) {
    if (answer.statusCode() != 200) {
      throw new IllegalStateException("Jaeger answers " + answer.statusCode() + answer.body());
    }
    return objects(JsonParser.parseString(answer.body()).getAsJsonObject(), "data")
        .flatMap(
            trace ->
                objects(trace, "spans").map(span -> span(span, trace.getAsJsonObject("processes"))))
        .toList();
  }

  private static Span span(JsonObject span, JsonObject processes) {
    JsonObject process = processes.getAsJsonObject(span.get("processID").getAsString());
    return new Span(
        process.get("serviceName").getAsString(),
        span.get("traceID").getAsString(),
        span.get("spanID").getAsString(),
        objects(span, "references")
            .filter(reference -> reference.get("refType").getAsString().equals("CHILD_OF"))
            .map(reference -> reference.get("spanID").getAsString())
            .findFirst(),
        span.get("operationName").getAsString(),
        span.get("startTime").getAsLong(),
        span.get("duration").getAsLong(),
        tags(span),
        tags(process));
  }

  private static Map<String, String> tags(JsonObject owner) {
    Map<String, String> tags = new HashMap<>();
    objects(owner, "tags")
        .forEach(tag -> tags.put(tag.get("key").getAsString(), tag.get("value").getAsString()));
    return tags;
  }

  private static Stream<JsonObject> objects(JsonObject owner, String array) {
    return owner.get(array) instanceof JsonArray all
        ? all.asList().stream().map(JsonElement::getAsJsonObject)
        : Stream.empty();
  }

  @Override
  public void close() {
    program.close();
  }
}
