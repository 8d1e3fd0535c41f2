package io.sonde.pipeline.linking;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;

/**
 * Reads the {@code traceparent} field (W3C Trace Context level 2, §3.2), strictly: whoever sends
 * anything else has no trace context.
 *
 * <pre>
 *    00 - 0af7651916cd43dd8448eb211c80319c - b7ad6b7169203331 - 01
 *   version      trace-id (32)                 parent-id (16)   flags
 *   0      2 3                          35 36              52 53    55
 * </pre>
 */
final class TraceParent {
  private static final int TRACE_ID = 3;
  private static final int PARENT_ID = 36;
  private static final int FLAGS = 53;
  private static final int LENGTH = 55;
  private static final String INVALID_VERSION = "ff";
  private static final String VERSION_0 = "00";

  /** All that levels 1 and 2 define; others must not be passed on (§3.2.2.5). */
  private static final int KNOWN_FLAGS = 0x03;

  private TraceParent() {}

  /**
   * The remote span that the field names.
   *
   * @param value the field's value as sent, hostile; null when there is none
   * @param traceState the {@code tracestate} values as sent, joined by commas; null when there is
   *     none. What is wrong with it does not touch the traceparent (§3.3.1.5)
   * @return {@link SpanContext#getInvalid()} when the value names none
   */
  static SpanContext remote(String value, String traceState) {
    if (value == null || !isWellFormed(value)) {
      return SpanContext.getInvalid();
    }
    int flags = Character.digit(value.charAt(FLAGS), 16) << 4;
    flags |= Character.digit(value.charAt(FLAGS + 1), 16);
    return SpanContext.createFromRemoteParent(
        value.substring(TRACE_ID, PARENT_ID - 1),
        value.substring(PARENT_ID, FLAGS - 1),
        TraceFlags.fromByte((byte) (flags & KNOWN_FLAGS)),
        TraceStates.read(traceState));
  }

  private static boolean isWellFormed(String value) {
    if (value.length() < LENGTH || value.startsWith(INVALID_VERSION)) {
      return false;
    }
    // §3.2.2.1 "versioning": a later version may append to what version 0 has, after a dash
    boolean lengthFits =
        value.length() == LENGTH || !value.startsWith(VERSION_0) && value.charAt(LENGTH) == '-';
    return lengthFits
        && isHex(value, 0, TRACE_ID - 1)
        && value.charAt(TRACE_ID - 1) == '-'
        && isId(value, TRACE_ID, PARENT_ID - 1)
        && value.charAt(PARENT_ID - 1) == '-'
        && isId(value, PARENT_ID, FLAGS - 1)
        && value.charAt(FLAGS - 1) == '-'
        && isHex(value, FLAGS, LENGTH);
  }

  /** Not all zero. */
  private static boolean isId(String value, int from, int to) {
    if (!isHex(value, from, to)) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (value.charAt(i) != '0') {
        return true;
      }
    }
    return false;
  }

  /** Lower case only: HEXDIGLC. */
  private static boolean isHex(String value, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = value.charAt(i);
      if (!(c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
        return false;
      }
    }
    return true;
  }
}
