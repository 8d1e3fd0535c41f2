package io.sonde.pipeline.linking;

import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.TraceStateBuilder;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads {@code tracestate} (W3C Trace Context level 2, §3.3). A list that breaks a rule is dropped
 * as a whole, since what a part of it would mean to its owner cannot be known.
 */
final class TraceStates {
  private static final int MAX_MEMBERS = 32;
  private static final int MAX_KEY = 256;
  private static final int MAX_VALUE = 256;

  private TraceStates() {}

  /**
   * @param list as sent, the values of several fields joined by commas; hostile; null: none
   */
  static TraceState read(String list) {
    if (list == null || list.isBlank()) {
      return TraceState.getDefault();
    }
    Map<String, String> members = new LinkedHashMap<>();
    int from = 0;
    while (from <= list.length()) {
      int comma = list.indexOf(',', from);
      int to = comma < 0 ? list.length() : comma;
      if (!addMember(list, from, to, members) || members.size() > MAX_MEMBERS) {
        return TraceState.getDefault();
      }
      from = to + 1;
    }
    return built(members);
  }

  /** Empty members are allowed and mean nothing. */
  private static boolean addMember(String list, int from, int to, Map<String, String> members) {
    int start = from;
    int end = to;
    while (start < end && isBlank(list.charAt(start))) {
      start++;
    }
    while (end > start && isBlank(list.charAt(end - 1))) {
      end--;
    }
    if (start == end) {
      return true;
    }
    int equals = list.indexOf('=', start);
    if (equals < 0 || equals >= end || !isKey(list, start, equals)) {
      return false;
    }
    return isValue(list, equals + 1, end)
        && members.put(list.substring(start, equals), list.substring(equals + 1, end)) == null;
  }

  private static boolean isKey(String list, int from, int to) {
    if (to == from || to - from > MAX_KEY || !isLowerOrDigit(list.charAt(from))) {
      return false;
    }
    for (int i = from + 1; i < to; i++) {
      char c = list.charAt(i);
      if (!isLowerOrDigit(c) && "_-*/@".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  /** Printable ASCII without comma and equals sign; does not end with a blank, as that was cut. */
  private static boolean isValue(String list, int from, int to) {
    if (to == from || to - from > MAX_VALUE) {
      return false;
    }
    for (int i = from; i < to; i++) {
      char c = list.charAt(i);
      if (c < ' ' || c > '~' || c == '=') {
        return false;
      }
    }
    return true;
  }

  private static boolean isLowerOrDigit(char c) {
    return c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  /** The builder puts each before those it has, and leaves out keys that only level 2 knows. */
  private static TraceState built(Map<String, String> members) {
    TraceStateBuilder builder = TraceState.builder();
    String[] keys = members.keySet().toArray(String[]::new);
    for (int i = keys.length - 1; i >= 0; i--) {
      builder.put(keys[i], members.get(keys[i]));
    }
    TraceState state = builder.build();
    return state.size() == members.size() ? state : TraceState.getDefault();
  }
}
