package io.sonde.it;

import java.util.List;

/**
 * One call of gRPC as who made or served it tells of it: a server by a line {@code call METHOD
 * STATUS REQUESTS RESPONSES}.
 *
 * @param method with its service
 * @param requests messages, as {@code responses}
 */
record RpcCall(String method, int status, int requests, int responses) {
  static final int CANCELLED = 1;
  static final int DEADLINE_EXCEEDED = 4;
  static final int UNIMPLEMENTED = 12;
  static final int UNAVAILABLE = 14;

  private static final String MARK = "call ";

  static List<RpcCall> parse(String log) {
    return Program.wholeLines(log)
        .lines()
        .filter(line -> line.startsWith(MARK))
        .map(RpcCall::parseLine)
        .toList();
  }

  private static RpcCall parseLine(String line) {
    String[] words = line.split(" ");
    return new RpcCall(
        words[1],
        Integer.parseInt(words[2]),
        Integer.parseInt(words[3]),
        Integer.parseInt(words[4]));
  }

  /** Its server hears of that in one of several ways, and may have answered already. */
  boolean wasEndedByItsClient() {
    return status == CANCELLED || status == DEADLINE_EXCEEDED || status == UNAVAILABLE;
  }

  /**
   * Whether this is what {@code told} says. Messages that share a frame may be told as unknown,
   * never as another number; who implements nothing may refuse before the message is there; when
   * the time is up, either side may be the one that cancels.
   */
  boolean isToldAs(RpcCall told) {
    return method.equals(told.method)
        && told.status >= 0
        && statuses().contains(told.status)
        && (isToldAs(requests, told.requests) || status == UNIMPLEMENTED && told.requests == 0)
        && isToldAs(responses, told.responses);
  }

  /** Whether it may be that one, of which its server cannot say the same status. */
  boolean looksLike(RpcCall other) {
    return method.equals(other.method)
        && requests == other.requests
        && responses == other.responses;
  }

  /** What may be told of it, {@code -1} where that is not known. */
  List<Integer> statuses() {
    return status == DEADLINE_EXCEEDED ? List.of(status, CANCELLED, -1) : List.of(status, -1);
  }

  private static boolean isToldAs(int messages, int told) {
    return messages == told || messages > 1 && told < 0;
  }
}
