package io.sonde.it;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.HashMap;
import java.util.Map;

/**
 * A span as a Collector received it.
 *
 * @param kind 1 internal, 2 server, 3 client
 * @param status 0 unset, 1 ok, 2 error
 * @param attributes values as text
 */
record OtlpSpan(
    Map<String, String> resource,
    String name,
    int kind,
    int status,
    String traceId,
    String spanId,
    String parentSpanId,
    long startNs,
    long endNs,
    Map<String, String> attributes) {
  static final int INTERNAL = 1;
  static final int SERVER = 2;
  static final int CLIENT = 3;
  static final int UNSET = 0;
  static final int ERROR = 2;

  static OtlpSpan parse(Map<String, String> resource, JsonObject json) {
    JsonObject status = json.getAsJsonObject("status");
    return new OtlpSpan(
        resource,
        json.get("name").getAsString(),
        json.get("kind").getAsInt(),
        status == null || !status.has("code") ? UNSET : status.get("code").getAsInt(),
        json.get("traceId").getAsString(),
        json.get("spanId").getAsString(),
        json.has("parentSpanId") ? json.get("parentSpanId").getAsString() : "",
        json.get("startTimeUnixNano").getAsLong(),
        json.get("endTimeUnixNano").getAsLong(),
        attributes(json));
  }

  /** Of a resource, a span or a data point. */
  static Map<String, String> attributes(JsonObject owner) {
    Map<String, String> all = new HashMap<>();
    JsonArray list = owner.getAsJsonArray("attributes");
    if (list != null) {
      for (JsonElement element : list) {
        JsonObject value = element.getAsJsonObject().getAsJsonObject("value");
        JsonElement only = value.entrySet().iterator().next().getValue();
        all.put(
            element.getAsJsonObject().get("key").getAsString(),
            only.isJsonPrimitive() ? only.getAsString() : only.toString());
      }
    }
    return all;
  }

  long durationNs() {
    return endNs - startNs;
  }
}
