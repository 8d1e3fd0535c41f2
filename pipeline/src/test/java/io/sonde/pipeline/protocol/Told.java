package io.sonde.pipeline.protocol;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.connection.SimulatedCapture;
import io.sonde.pipeline.exchange.HttpExchange;
import io.sonde.pipeline.exchange.RpcExchange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What came out of a capture, in words that can be compared; times apart. */
public final class Told {
  private Told() {}

  /** In their order, one line each. */
  public static List<String> exchanges(SimulatedCapture capture) {
    return capture.told().stream().map(e -> e.match(Told::describe, Told::describe)).toList();
  }

  /** Causes, each as often as it was counted. */
  public static List<String> losses(SimulatedCapture capture) {
    List<String> losses = new ArrayList<>();
    for (LossCause cause : LossCause.values()) {
      losses.addAll(Collections.nCopies((int) capture.lost(cause), cause.label()));
    }
    return losses;
  }

  private static String describe(RpcExchange e) {
    return "%s %s HTTP/%s %s:%d status=%d messages=%d:%d bytes=%d:%d agent=%s error=%s"
        .formatted(
            e.system(),
            e.method(),
            e.protocolVersion(),
            e.serverAddress(),
            e.serverPort(),
            e.statusCode(),
            e.requestMessages(),
            e.responseMessages(),
            e.requestBytes(),
            e.responseBytes(),
            e.userAgent(),
            e.errorType());
  }

  private static String describe(HttpExchange e) {
    return "%s %s query=%s HTTP/%s %s:%d status=%d request=%d answer=%d agent=%s error=%s"
        .formatted(
            e.method(),
            e.path(),
            e.query(),
            e.protocolVersion(),
            e.serverAddress(),
            e.serverPort(),
            e.statusCode(),
            e.requestBodyBytes(),
            e.responseBodyBytes(),
            e.userAgent(),
            e.errorType());
  }
}
