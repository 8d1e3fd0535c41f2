package io.sonde.it;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;

/**
 * Where a printed trace says that it belongs.
 *
 * @param path of an RPC as on the wire, its method
 * @param query as printed, empty when there is none
 * @param parentId 16 zeros for a root
 */
record SpanLine(
    String service,
    String kind,
    String path,
    String query,
    String traceId,
    String spanId,
    String parentId,
    String flags) {
  static final String NO_PARENT = "0000000000000000";

  /** All that were printed so far, in that order. */
  static List<SpanLine> of(Sonde sonde) {
    return Program.wholeLines(sonde.program().output())
        .lines()
        .filter(l -> l.startsWith("{"))
        .map(SpanLine::parse)
        .toList();
  }

  private static SpanLine parse(String line) {
    JsonObject json = JsonParser.parseString(line).getAsJsonObject();
    JsonObject attributes = json.getAsJsonObject("attributes");
    return new SpanLine(
        json.getAsJsonObject("service").get("name").getAsString(),
        json.get("kind").getAsString(),
        attributes.has("url")
            ? attributes.get("url").getAsString()
            : "/" + attributes.get("method").getAsString(),
        attributes.has("query") ? attributes.get("query").getAsString() : "",
        json.get("traceID").getAsString(),
        json.get("spanID").getAsString(),
        json.get("parentSpanID").getAsString(),
        json.get("traceFlags").getAsString());
  }

  boolean isCall() {
    return kind.equals("CLIENT");
  }

  boolean isRoot() {
    return parentId.equals(NO_PARENT);
  }
}
