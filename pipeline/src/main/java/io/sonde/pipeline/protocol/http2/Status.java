package io.sonde.pipeline.protocol.http2;

/** Values of {@code :status} (RFC 9113 §8.3.2). */
final class Status {
  private static final int DIGITS = 3;

  private Status() {}

  /**
   * @param value null: there is none, or it is not known
   * @return 0 for what is none
   */
  static int parse(String value) {
    if (value == null || value.length() != DIGITS || value.charAt(0) == '0') {
      return 0;
    }
    int status = 0;
    for (int i = 0; i < DIGITS; i++) {
      int digit = value.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return 0;
      }
      status = status * 10 + digit;
    }
    return status;
  }

  /** Another answer to the same request follows (RFC 9110 §15.2). */
  static boolean isInterim(int status) {
    return status >= 100 && status < 200;
  }
}
