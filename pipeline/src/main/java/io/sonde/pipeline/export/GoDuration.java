package io.sonde.pipeline.export;

import java.math.BigDecimal;

/**
 * Durations as Go's time.Duration prints them, which Beyla's users read: {@code 14.86941ms}, {@code
 * 1m1.5s}.
 */
public final class GoDuration {
  private static final long US = 1_000;
  private static final long MS = 1_000_000;
  private static final long S = 1_000_000_000;
  private static final long MINUTE = 60 * S;
  private static final long HOUR = 60 * MINUTE;

  private GoDuration() {}

  /**
   * @param ns may be negative
   */
  public static String of(long ns) {
    if (ns < 0) {
      return "-" + of(-ns);
    }
    if (ns == 0) {
      return "0s";
    }
    if (ns < US) {
      return ns + "ns";
    }
    if (ns < MS) {
      return fraction(ns, 3) + "µs";
    }
    if (ns < S) {
      return fraction(ns, 6) + "ms";
    }
    StringBuilder text = new StringBuilder();
    if (ns >= HOUR) {
      text.append(ns / HOUR).append('h');
    }
    if (ns >= MINUTE) {
      text.append(ns % HOUR / MINUTE).append('m');
    }
    return text.append(fraction(ns % MINUTE, 9)).append('s').toString();
  }

  private static String fraction(long ns, int digits) {
    BigDecimal value = BigDecimal.valueOf(ns, digits).stripTrailingZeros();
    return value.toPlainString();
  }
}
