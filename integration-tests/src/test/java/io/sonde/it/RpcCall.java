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
    return log.lines().filter(line -> line.startsWith(MARK)).map(RpcCall::parseLine).toList();
  }

  private static RpcCall parseLine(String line) {
    String[] words = line.split(" ");
    return new RpcCall(
        words[1],
        Integer.parseInt(words[2]),
        Integer.parseInt(words[3]),
        Integer.parseInt(words[4]));
  }

  /** Its server hears of the end from its client, in one of several ways. */
  boolean wasEndedByItsClient() {
    return status == CANCELLED || status == DEADLINE_EXCEEDED || status == UNAVAILABLE;
  }

  /** As far as a server must agree that did not end it. */
  RpcCall asTheServerKnowsIt() {
    return wasEndedByItsClient() ? new RpcCall(method, CANCELLED, requests, responses) : this;
  }
}
