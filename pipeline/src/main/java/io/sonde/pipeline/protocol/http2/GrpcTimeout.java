package io.sonde.pipeline.protocol.http2;

import java.util.concurrent.TimeUnit;

/** grpc/doc/PROTOCOL-HTTP2.md, "Timeout": at most eight digits and a unit. */
final class GrpcTimeout {
  private static final int MAX_DIGITS = 8;

  private GrpcTimeout() {}

  /**
   * @param value null: there is none
   * @return ns; 0 when there is none or it is malformed
   */
  static long parse(String value) {
    int digits = value == null ? 0 : value.length() - 1;
    if (digits < 1 || digits > MAX_DIGITS) {
      return 0;
    }
    long amount = 0;
    for (int i = 0; i < digits; i++) {
      int digit = value.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return 0;
      }
      amount = amount * 10 + digit;
    }
    return switch (value.charAt(digits)) {
      case 'H' -> TimeUnit.HOURS.toNanos(amount);
      case 'M' -> TimeUnit.MINUTES.toNanos(amount);
      case 'S' -> TimeUnit.SECONDS.toNanos(amount);
      case 'm' -> TimeUnit.MILLISECONDS.toNanos(amount);
      case 'u' -> TimeUnit.MICROSECONDS.toNanos(amount);
      case 'n' -> amount;
      default -> 0;
    };
  }
}
