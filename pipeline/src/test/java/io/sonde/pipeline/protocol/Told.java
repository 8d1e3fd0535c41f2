package io.sonde.pipeline.protocol;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.connection.SimulatedCapture;
import io.sonde.pipeline.exchange.HttpExchange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What came out of a capture, in words that can be compared; times apart. */
public final class Told {
  private Told() {}

  /** In their order, one line each. */
  public static List<String> exchanges(SimulatedCapture capture) {
    return capture.exchanges().stream().map(Told::describe).toList();
  }

  /** Causes, each as often as it was counted. */
  public static List<String> losses(SimulatedCapture capture) {
    List<String> losses = new ArrayList<>();
    for (LossCause cause : LossCause.values()) {
      losses.addAll(Collections.nCopies((int) capture.lost(cause), cause.label()));
    }
    return losses;
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
