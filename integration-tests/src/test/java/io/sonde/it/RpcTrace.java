package io.sonde.it;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

/**
 * One printed trace of an RPC: a line of {@code trace_printer=json}.
 *
 * @param startUs since the epoch
 * @param pid of the process
 * @param kind SERVER or CLIENT
 * @param method with its service, {@link #UNKNOWN} when it was sent before Sonde could see it
 * @param status -1 when not known
 * @param requests messages, -1 when not known, as {@code responses}
 * @param clientPort of the connection, as the server's
 * @param error value of {@code error.type}, null when there is none
 */
record RpcTrace(
    long startUs,
    long pid,
    String kind,
    String method,
    int status,
    int requests,
    int responses,
    int clientPort,
    int serverPort,
    String error) {
  static final String UNKNOWN = "unknown";

  static RpcTrace parse(String line) {
    JsonObject json = JsonParser.parseString(line).getAsJsonObject();
    JsonObject attributes = json.getAsJsonObject("attributes");
    return new RpcTrace(
        json.get("start").getAsLong(),
        json.getAsJsonObject("service").get("pid").getAsLong(),
        json.get("kind").getAsString(),
        attributes.get("method").getAsString(),
        number(attributes, "status"),
        number(attributes, "requestMessages"),
        number(attributes, "responseMessages"),
        json.get("peerPort").getAsInt(),
        json.get("hostPort").getAsInt(),
        attributes.has("errorType") ? attributes.get("errorType").getAsString() : null);
  }

  /** What its server or client must say about it. */
  RpcCall asCall() {
    return new RpcCall(method, status, requests, responses);
  }

  private static int number(JsonObject json, String name) {
    return json.has(name) ? json.get(name).getAsInt() : -1;
  }
}
