package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One Sonde observes them all, servers and clients. What a client called is known from the
 * description of the test case it ran, what a server answered from its own log.
 */
@DisplayName("Calls of gRPC are each reported once")
class GrpcIT {
  @TempDir static Path folder;
  private static final Map<GrpcProgram, GrpcProgram.Server> SERVERS =
      new EnumMap<>(GrpcProgram.class);

  /** Of Go's server, by library; of each server, by Go. */
  private static final Map<GrpcProgram, GrpcProgram.Client> TO_GO =
      new EnumMap<>(GrpcProgram.class);

  private static final Map<GrpcProgram, GrpcProgram.Client> BY_GO =
      new EnumMap<>(GrpcProgram.class);

  /** As {@code TO_GO}; they have called before Sonde began. */
  private static final Map<GrpcProgram, GrpcProgram.Client> OLDER =
      new EnumMap<>(GrpcProgram.class);

  private static final List<RpcCase> BEFORE_SONDE = List.of(RpcCase.EMPTY_UNARY, RpcCase.PING_PONG);

  /** That look like gRPC to who has not seen it said: a whole message, or an answer. */
  private static final List<RpcCase> AFTERWARDS =
      List.of(
          RpcCase.EMPTY_UNARY,
          RpcCase.LARGE_UNARY,
          RpcCase.SERVER_STREAMING,
          RpcCase.STATUS_CODE_AND_MESSAGE,
          RpcCase.CANCEL_AFTER_FIRST_RESPONSE,
          RpcCase.DEADLINE);

  private static final Running RUNNING = new Running();
  private static Sonde sonde;
  private static RpcSides told;

  @BeforeAll
  static void startThemAll() {
    ThisMachine.assumeItCanBeObserved();
    for (GrpcProgram library : GrpcProgram.values()) {
      SERVERS.put(library, RUNNING.add(library.server(folder)));
    }
    String go = SERVERS.get(GrpcProgram.GO).address();
    for (GrpcProgram library : GrpcProgram.values()) {
      TO_GO.put(library, RUNNING.add(library.client(folder, go)));
      OLDER.put(library, RUNNING.add(library.client(folder, go)));
      OLDER.get(library).run(BEFORE_SONDE);
      String address = SERVERS.get(library).address();
      BY_GO.put(library, RUNNING.add(GrpcProgram.GO.client(folder, address)));
    }
    Stream<Integer> ports = SERVERS.values().stream().map(GrpcProgram.Server::port);
    Stream<Long> pids =
        Stream.of(TO_GO, OLDER, BY_GO)
            .flatMap(clients -> clients.values().stream())
            .map(GrpcProgram.Client::pid);
    sonde = RUNNING.add(Sonde.observing(folder, ports, pids));
    told = new RpcSides(sonde);
  }

  @AfterAll
  static void nothingWasReportedTwiceAndNothingWasLost() throws Exception {
    try {
      if (sonde != null) {
        Sonde.awaitNothingMore(
            () ->
                assertThat(sonde.metrics().named("sonde_stage_lost_total"))
                    .filteredOn(lost -> lost.value() > expectedlyLost(lost))
                    .isEmpty());
      }
    } finally {
      RUNNING.end();
    }
  }

  @ParameterizedTest
  @EnumSource
  void byItsClient(GrpcProgram library) {
    GrpcProgram.Client client = TO_GO.get(library);
    client.run(client.cases());

    told.assertSame(client, SERVERS.get(GrpcProgram.GO), RpcCase.callsOf(client.cases()));
  }

  @ParameterizedTest
  @EnumSource
  void byItsServer(GrpcProgram library) {
    GrpcProgram.Client client = BY_GO.get(library);
    client.run(client.cases());

    GrpcProgram.Server server = SERVERS.get(library);
    List<RpcCall> expected = RpcCase.callsOf(client.cases());
    List<RpcCall> served = told.assertSame(client, server, expected);

    if (library != GrpcProgram.GO) { // which others call as well
      List<RpcCall> logged =
          RpcSides.thatTheServerEnded(server.calls(), expected).stream()
              .filter(call -> !call.wasEndedByItsClient())
              .filter(call -> call.status() != RpcCall.UNIMPLEMENTED) // read by nobody there
              .toList();
      assertThat(logged).hasSizeGreaterThan(6);
      assertThat(logged).allMatch(call -> served.stream().anyMatch(call::isToldAs));
    }
  }

  /**
   * The names that client and server agreed to abbreviate before Sonde began are not known to it;
   * what it says is right, or says that it is not known.
   */
  @ParameterizedTest
  @EnumSource
  void onConnectionsOlderThanSonde(GrpcProgram library) {
    GrpcProgram.Client client = OLDER.get(library);
    client.run(AFTERWARDS);
    List<RpcCall> expected = RpcCase.callsOf(AFTERWARDS);

    List<RpcTrace> calls = told.awaitCalls(client, expected.size());

    for (int i = 0; i < expected.size(); i++) {
      RpcCall call = calls.get(i).asCall();
      assertThat(call.method()).isIn(expected.get(i).method(), RpcTrace.UNKNOWN);
      assertThat(call.status()).isIn(expected.get(i).statuses());
    }
    assertThat(calls)
        .as("what was first said after Sonde began")
        .extracting(RpcTrace::method)
        .contains("grpc.testing.TestService/UnaryCall");
  }

  /**
   * What went by before Sonde began, on each side of the connections that are older; and the frames
   * that a client which leaves without reading all has sent: its reset comes before they are read.
   */
  private static int expectedlyLost(Samples.Sample lost) {
    if (lost.has("cause", "after_close")) {
      return Integer.MAX_VALUE;
    }
    return lost.has("cause", "started_midstream") ? 2 * OLDER.size() : 0;
  }
}
