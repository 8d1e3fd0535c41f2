package io.sonde.it;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

/**
 * One printed trace of HTTP: a line of {@code trace_printer=json}.
 *
 * @param pid of the process
 * @param language empty when not known
 * @param kind SERVER or CLIENT
 * @param path without query
 * @param query empty when there is none
 * @param route empty when it has none
 * @param requestBytes payload, -1 when not known
 * @param status 0 when no answer came
 * @param durationUs arrival to end
 * @param handlerUs start to end
 * @param clientPort of the connection, as the server's
 * @param serverPort of the connection
 * @param error value of {@code error.type}, null when there is none
 */
record Trace(
    String service,
    long pid,
    String language,
    String kind,
    String method,
    String path,
    String query,
    String route,
    int status,
    long requestBytes,
    long responseBytes,
    long durationUs,
    long handlerUs,
    String client,
    int clientPort,
    int serverPort,
    String error) {

  static Trace parse(String line) {
    JsonObject json = JsonParser.parseString(line).getAsJsonObject();
    JsonObject attributes = json.getAsJsonObject("attributes");
    return new Trace(
        json.getAsJsonObject("service").get("name").getAsString(),
        json.getAsJsonObject("service").get("pid").getAsLong(),
        json.getAsJsonObject("service").get("language").getAsString(),
        json.get("kind").getAsString(),
        attributes.get("method").getAsString(),
        attributes.get("url").getAsString(),
        attributes.has("query") ? attributes.get("query").getAsString() : "",
        attributes.has("route") ? attributes.get("route").getAsString() : "",
        (int) number(attributes, "status", 0),
        number(attributes, "contentLen", -1),
        number(attributes, "responseLen", -1),
        json.get("durationUSec").getAsLong(),
        json.get("handlerDurationUSec").getAsLong(),
        json.get("peer").getAsString(),
        json.get("peerPort").getAsInt(),
        json.get("hostPort").getAsInt(),
        attributes.has("errorType") ? attributes.get("errorType").getAsString() : null);
  }

  /** How long the request waited before the program read it. */
  long queuedUs() {
    return durationUs - handlerUs;
  }

  /** What the server's own log must say about it. */
  AccessLine asAccessLine() {
    return new AccessLine(method, path, status, responseBytes);
  }

  private static long number(JsonObject json, String name, long missing) {
    return json.has(name) ? json.get(name).getAsLong() : missing;
  }
}
