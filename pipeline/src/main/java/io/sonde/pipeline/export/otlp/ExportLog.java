package io.sonde.pipeline.export.otlp;

import io.sonde.pipeline.OtlpAddress;
import io.sonde.pipeline.export.otlp.request.Signal;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Says how an export fares, once per change and not per attempt. For one thread, but for {@link
 * #defect}.
 */
final class ExportLog {
  private static final Logger LOG = Logger.getLogger(ExportLog.class.getName());

  /** Of the same trouble with other words, at the most. */
  private static final long REPEAT_NS = Duration.ofMinutes(1).toNanos();

  private static final int MAX_REMARKS = 16;

  private enum Trouble {
    NONE,
    RETRYING,
    REFUSED,
    TOO_LARGE,
    PARKED
  }

  private final String what;
  private final Signal signal;
  private final OtlpAddress endpoint;
  private final Set<String> remarks = new HashSet<>();
  private Trouble trouble = Trouble.NONE;
  private String reason = "";
  private long toldAt;
  private volatile boolean defectTold;

  ExportLog(Signal signal, OtlpAddress endpoint) {
    this.what = signal.name().toLowerCase(Locale.ROOT);
    this.signal = signal;
    this.endpoint = endpoint;
  }

  void retrying(String because) {
    tell(
        Trouble.RETRYING,
        because,
        () -> "are not exported for now, they wait in the queue and are tried again: " + because);
  }

  void refused(long items, String because) {
    tell(
        Trouble.REFUSED,
        because,
        () -> "are refused by " + endpoint + ", " + items + " lost now: " + because);
  }

  void tooLarge(String because) {
    tell(
        Trouble.TOO_LARGE,
        because,
        () -> "of which a single item is too large for " + endpoint + " are lost: " + because);
  }

  void parked(String because, Duration until) {
    tell(
        Trouble.PARKED,
        because,
        () ->
            "are parked: the collector takes no "
                + what
                + " on "
                + endpoint
                + " ("
                + because
                + "); they wait in the queue, and it is asked again every "
                + until.toSeconds()
                + " s; give its receiver an output for "
                + what
                + ", or correct the endpoint");
  }

  private void tell(Trouble now, String because, Supplier<String> sentence) {
    boolean news =
        now != trouble || !because.equals(reason) && System.nanoTime() - toldAt > REPEAT_NS;
    LOG.log(news ? Level.WARNING : Level.FINE, () -> what + " " + sentence.get());
    if (news) {
      toldAt = System.nanoTime();
      reason = because;
    }
    trouble = now;
  }

  void taken() {
    if (trouble != Trouble.NONE) {
      LOG.info(() -> what + " are exported to " + endpoint + " again");
      trouble = Trouble.NONE;
    }
  }

  /** A partial success, or a warning that came with a full one. */
  void remark(long rejected, String message) {
    if (message.isEmpty() && rejected == 0) {
      return;
    }
    boolean news = remarks.size() < MAX_REMARKS && remarks.add(message);
    LOG.log(
        news ? Level.WARNING : Level.FINE,
        () ->
            "%s took a request but for %d %s and says: %s"
                .formatted(endpoint, rejected, signal.items(), message));
  }

  /**
   * The end, with items left.
   *
   * @param kept whether the next run finds them
   */
  void left(long items, boolean kept) {
    LOG.log(
        kept ? Level.INFO : Level.WARNING,
        () ->
            "%d %s were not taken before Sonde ended, and %s"
                .formatted(
                    items, signal.items(), kept ? "are kept for its next start" : "are lost"));
  }

  /** Something in Sonde itself went wrong, whatever the endpoint does. For any thread. */
  void defect(long items, RuntimeException cause) {
    LOG.log(
        defectTold ? Level.FINE : Level.SEVERE,
        cause,
        () ->
            items
                + " "
                + signal.items()
                + " could not be exported: a defect in Sonde, please report it");
    defectTold = true;
  }
}
