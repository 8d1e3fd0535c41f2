package io.sonde.pipeline.export.otlp;

import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Says once that an endpoint does not take our data, and once that it does again. For one thread.
 */
final class ExportLog {
  private static final Logger LOG = Logger.getLogger(ExportLog.class.getName());

  private final String what;
  private final String endpoint;
  private boolean failing;
  private boolean defectTold;

  ExportLog(String what, String endpoint) {
    this.what = what;
    this.endpoint = endpoint;
  }

  void failed(int count, Throwable cause) {
    LOG.log(
        failing ? Level.FINE : Level.WARNING,
        () ->
            String.format(
                "%s are not exported: %s does not take them (%s); %d lost now, the rest is counted in"
                    + " sonde_stage_lost_total; check the endpoint and its log",
                what, endpoint, reason(cause), count));
    failing = true;
  }

  /** The deepest cause: what is above it says only that a request failed. */
  private static String reason(Throwable failure) {
    if (failure == null) {
      return "no answer in time";
    }
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  /** Something in Sonde itself went wrong, whatever the endpoint does. */
  void defect(int count, RuntimeException cause) {
    LOG.log(
        defectTold ? Level.FINE : Level.SEVERE,
        cause,
        () -> count + " " + what + " could not be exported: a defect in Sonde, please report it");
    defectTold = true;
  }

  void succeeded() {
    if (failing) {
      LOG.info(() -> what + " are exported to " + endpoint + " again");
      failing = false;
    }
  }
}
