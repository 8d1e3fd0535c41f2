package io.sonde.it;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

/**
 * One printed trace: a line of {@code trace_printer=json}.
 *
 * @param path without query
 * @param requestBytes payload, -1 when not known
 * @param durationNs arrival to end
 * @param handlerNs start to end
 */
record Trace(
    String service,
    String kind,
    String name,
    String method,
    String path,
    int status,
    long requestBytes,
    long responseBytes,
    long durationNs,
    long handlerNs,
    String client,
    int serverPort,
    String traceId,
    String spanId) {

  static Trace parse(String line) {
    JsonObject json = JsonParser.parseString(line).getAsJsonObject();
    JsonObject attributes = json.getAsJsonObject("attributes");
    return new Trace(
        text(json, "serviceName"),
        text(json, "kind"),
        text(json, "name"),
        text(attributes, "method"),
        text(attributes, "url"),
        (int) number(attributes, "status", 0),
        number(attributes, "reqSize", -1),
        number(attributes, "resSize", -1),
        number(json, "durationNs", -1),
        number(json, "handlerDurationNs", -1),
        text(json, "peer"),
        (int) number(json, "hostPort", 0),
        text(json, "traceID"),
        text(json, "spanID"));
  }

  /** How long the request waited before the program read it, ns. */
  long queuedNs() {
    return durationNs - handlerNs;
  }

  /** What the server's own log must say about it. */
  AccessLine asAccessLine() {
    return new AccessLine(method, path, status, responseBytes);
  }

  private static String text(JsonObject json, String name) {
    return json.has(name) ? json.get(name).getAsString() : "";
  }

  private static long number(JsonObject json, String name, long missing) {
    return json.has(name) ? json.get(name).getAsLong() : missing;
  }
}
