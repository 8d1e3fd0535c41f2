package io.sonde.it;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A test case of gRPC's interoperability tests, and the calls its description says it makes: their
 * methods, statuses and numbers of messages are what its client sees. A call that fails has no
 * answer.
 */
enum RpcCase {
  EMPTY_UNARY(call("EmptyCall", 0, 1, 1)),
  /** Messages larger than a frame. */
  LARGE_UNARY(call("UnaryCall", 0, 1, 1)),
  CLIENT_STREAMING(call("StreamingInputCall", 0, 4, 1)),
  SERVER_STREAMING(call("StreamingOutputCall", 0, 1, 4)),
  PING_PONG(call("FullDuplexCall", 0, 4, 4)),
  EMPTY_STREAM(call("FullDuplexCall", 0, 0, 0)),
  STATUS_CODE_AND_MESSAGE(call("UnaryCall", 2, 1, 0), call("FullDuplexCall", 2, 1, 0)),
  UNIMPLEMENTED_METHOD(call("UnimplementedCall", RpcCall.UNIMPLEMENTED, 1, 0)),
  UNIMPLEMENTED_SERVICE(
      new RpcCall(
          "grpc.testing.UnimplementedService/UnimplementedCall", RpcCall.UNIMPLEMENTED, 1, 0)),
  CANCEL_AFTER_FIRST_RESPONSE(call("FullDuplexCall", RpcCall.CANCELLED, 1, 1)),
  DEADLINE(call("StreamingOutputCall", RpcCall.DEADLINE_EXCEEDED, 1, 0)),
  /** Of gRPC's health service. */
  HEALTH(new RpcCall("grpc.health.v1.Health/Check", 0, 1, 1));

  private final List<RpcCall> calls;

  RpcCase(RpcCall... calls) {
    this.calls = List.of(calls);
  }

  private static RpcCall call(String method, int status, int requests, int responses) {
    return new RpcCall("grpc.testing.TestService/" + method, status, requests, responses);
  }

  /** In the order they begin. */
  List<RpcCall> calls() {
    return calls;
  }

  static List<RpcCall> callsOf(List<RpcCase> cases) {
    List<RpcCall> all = new ArrayList<>();
    cases.forEach(one -> all.addAll(one.calls()));
    return all;
  }

  /** As the clients are told. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
