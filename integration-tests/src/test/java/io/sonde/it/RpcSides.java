package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** What a Sonde tells of calls of gRPC, on the side of who makes them and of who serves them. */
record RpcSides(Sonde sonde) {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Returns what is told of the server's side, but for calls that the client ended. */
  List<RpcCall> assertSame(
      GrpcProgram.Client client, GrpcProgram.Server server, List<RpcCall> expected) {
    List<RpcTrace> calls = awaitCalls(client, expected.size());
    assertThat(calls).extracting(RpcTrace::serverPort).containsOnly(server.port());
    assertToldInOrder(expected, calls.stream().map(RpcTrace::asCall).toList());

    List<Integer> connections = calls.stream().map(RpcTrace::clientPort).distinct().toList();
    await("the server's side")
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(served(server, connections))
                    .extracting(RpcCall::method)
                    .containsExactlyElementsOf(expected.stream().map(RpcCall::method).toList()));
    List<RpcCall> served = thatTheServerEnded(served(server, connections), expected);
    assertToldInOrder(thatTheServerEnded(expected, expected), served);
    return served;
  }

  static List<RpcCall> thatTheServerEnded(List<RpcCall> calls, List<RpcCall> expected) {
    List<RpcCall> ended = expected.stream().filter(RpcCall::wasEndedByItsClient).toList();
    return calls.stream().filter(call -> ended.stream().noneMatch(call::looksLike)).toList();
  }

  private List<RpcCall> served(GrpcProgram.Server server, List<Integer> connections) {
    return inOrder(
            call ->
                call.kind().equals("SERVER")
                    && call.serverPort() == server.port()
                    && connections.contains(call.clientPort()))
        .stream()
        .map(RpcTrace::asCall)
        .toList();
  }

  /** One was over before the next began. */
  static void assertToldInOrder(List<RpcCall> expected, List<RpcCall> told) {
    assertThat(told).hasSameSizeAs(expected);
    assertThat(IntStream.range(0, expected.size()).boxed())
        .allMatch(i -> expected.get(i).isToldAs(told.get(i)), expected + " told as " + told);
  }

  List<RpcTrace> awaitCalls(GrpcProgram.Client client, int count) {
    await(count + " calls")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(() -> assertThat(callsOf(client)).hasSize(count));
    return callsOf(client);
  }

  List<RpcTrace> callsOf(GrpcProgram.Client client) {
    return inOrder(call -> call.kind().equals("CLIENT") && call.pid() == client.pid());
  }

  List<RpcTrace> inOrder(Predicate<RpcTrace> which) {
    return sonde.rpcs(which).stream().sorted(Comparator.comparing(RpcTrace::startUs)).toList();
  }
}
