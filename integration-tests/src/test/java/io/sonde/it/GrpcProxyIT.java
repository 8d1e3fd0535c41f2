package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** nginx hands calls on to a server in Go, each on a connection that is idle, or a new one. */
@DisplayName("Calls of gRPC through nginx are each reported once by each who made or served them")
class GrpcProxyIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String SERVICE = "grpc.testing.TestService/";
  private static final int ABORTED = 10;
  private static final int STATUSES = 17;
  private static final int ANSWERS = 8;

  private enum Way {
    CLEAR,
    TLS
  }

  private enum Side {
    CLIENT("CLIENT"),
    PROXY_AS_SERVER("SERVER"),
    PROXY_AS_CLIENT("CLIENT"),
    SERVER("SERVER");

    private final String kind;

    Side(String kind) {
      this.kind = kind;
    }

    boolean isOfProxysPort() {
      return this == CLIENT || this == PROXY_AS_SERVER;
    }
  }

  private record Chain(
      GrpcProgram.Server server,
      WebServer proxy,
      Map<GrpcProgram, GrpcProgram.Client> clients,
      Map<Side, Integer> seen) {
    int port(Side side) {
      return side.isOfProxysPort() ? proxy.port() : server.port();
    }

    List<RpcTrace> told(Side side) {
      return told.inOrder(call -> call.kind().equals(side.kind) && call.serverPort() == port(side));
    }

    /** Those since it was asked last, as many as they are to be. */
    List<RpcTrace> awaitNew(Side side, int count) {
      int before = seen.getOrDefault(side, 0);
      await(count + " calls of " + side)
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(100))
          .untilAsserted(() -> assertThat(told(side)).hasSize(before + count));
      seen.put(side, before + count);
      return told(side).subList(before, before + count);
    }
  }

  @TempDir static Path folder;
  private static final Map<Way, Chain> CHAINS = new EnumMap<>(Way.class);
  private static final Running RUNNING = new Running();
  private static Sonde sonde;
  private static RpcSides told;

  @BeforeAll
  static void startThemAll() {
    ThisMachine.assumeItCanBeObserved();
    Certificate certificate = Certificate.make(folder);
    GrpcProgram.Server server = RUNNING.add(GrpcProgram.GO.server(folder));
    WebServer proxy = RUNNING.add(Http2Server.nginxBefore(server.port(), folder));
    CHAINS.put(Way.CLEAR, new Chain(server, proxy, new EnumMap<>(GrpcProgram.class), newCounts()));
    server = RUNNING.add(GrpcProgram.GO.server(folder, certificate));
    proxy = RUNNING.add(Http2Server.nginxBefore(server.port(), certificate, folder));
    CHAINS.put(Way.TLS, new Chain(server, proxy, new EnumMap<>(GrpcProgram.class), newCounts()));
    for (GrpcProgram library : List.of(GrpcProgram.GO, GrpcProgram.NODE)) {
      String address = "127.0.0.1:" + CHAINS.get(Way.CLEAR).proxy().port();
      CHAINS.get(Way.CLEAR).clients().put(library, RUNNING.add(library.client(folder, address)));
      address = "127.0.0.1:" + CHAINS.get(Way.TLS).proxy().port();
      GrpcProgram.Client client = RUNNING.add(library.client(folder, address, certificate));
      CHAINS.get(Way.TLS).clients().put(library, client);
    }
    Stream<Integer> ports =
        CHAINS.values().stream()
            .flatMap(chain -> Stream.of(chain.server().port(), chain.proxy().port()));
    Stream<Long> pids =
        CHAINS.values().stream()
            .flatMap(chain -> chain.clients().values().stream())
            .map(GrpcProgram.Client::pid);
    sonde = RUNNING.add(Sonde.observing(folder, ports, pids));
    told = new RpcSides(sonde);
    sonde.awaitHooked(TlsServer.NGINX, TlsServer.NODE);
    GrpcProgram.GO.awaitHooked(sonde);
  }

  private static Map<Side, Integer> newCounts() {
    return new EnumMap<>(Side.class);
  }

  @AfterAll
  static void theMetricsCountWhatWasToldAndNothingWasLost() throws Exception {
    try {
      if (sonde != null) {
        Sonde.awaitNothingMore(
            () -> {
              for (Chain chain : CHAINS.values()) {
                for (Side side : Side.values()) {
                  assertThat(counted(chain, side)).isEqualTo(chain.told(side).size());
                }
              }
              assertThat(sonde.traces()).isEmpty(); // of HTTP
              assertThat(sonde.metrics().named("sonde_stage_lost_total"))
                  .filteredOn(lost -> !lost.has("cause", "after_close"))
                  .isEmpty();
            });
      }
    } finally {
      RUNNING.end();
    }
  }

  private static double counted(Chain chain, Side side) throws Exception {
    String name = side.kind.equals("SERVER") ? "rpc_server" : "rpc_client";
    return sonde
        .metrics()
        .sum(name + "_call_duration_seconds_count", "server_port", chain.port(side) + "");
  }

  @ParameterizedTest
  @CsvSource({"CLEAR,GO", "CLEAR,NODE", "TLS,GO", "TLS,NODE"})
  void oneAfterTheOther(Way way, GrpcProgram library) {
    Chain chain = CHAINS.get(way);
    List<RpcCase> cases =
        List.of(
            RpcCase.EMPTY_UNARY,
            RpcCase.LARGE_UNARY,
            RpcCase.CLIENT_STREAMING,
            RpcCase.SERVER_STREAMING,
            RpcCase.PING_PONG,
            RpcCase.EMPTY_STREAM,
            RpcCase.STATUS_CODE_AND_MESSAGE,
            RpcCase.UNIMPLEMENTED_METHOD,
            RpcCase.HEALTH);
    chain.clients().get(library).run(cases);

    List<RpcCall> expected = RpcCase.callsOf(cases);
    for (Side side : Side.values()) {
      List<RpcTrace> calls = chain.awaitNew(side, expected.size());
      RpcSides.assertToldInOrder(expected, calls.stream().map(RpcTrace::asCall).toList());
    }
  }

  /** Each is of another status, or another number of answers, so that none is taken for another. */
  @ParameterizedTest
  @CsvSource({"CLEAR,GO", "CLEAR,NODE", "TLS,GO", "TLS,NODE"})
  void manyAtOnceOnOneConnection(Way way, GrpcProgram library) {
    Chain chain = CHAINS.get(way);
    chain.clients().get(library).run("at_once");

    for (Side side : Side.values()) {
      List<RpcTrace> calls = chain.awaitNew(side, STATUSES + 2 * ANSWERS);
      List<Integer> statuses = new ArrayList<>();
      for (int status = 0; status < STATUSES; status++) {
        statuses.add(status);
      }
      assertThat(calls)
          .as("%s", side)
          .filteredOn(call -> call.method().equals(SERVICE + "UnaryCall"))
          .allMatch(call -> call.responses() == (call.status() == 0 ? 1 : 0))
          .extracting(RpcTrace::status)
          .containsExactlyInAnyOrderElementsOf(statuses);
      assertAnswers(calls, "StreamingOutputCall", 0);
      assertAnswers(calls, "FullDuplexCall", ABORTED);
    }
  }

  /** Of each number of answers one; those that share a frame are told as unknown. */
  private static void assertAnswers(List<RpcTrace> calls, String method, int status) {
    List<RpcTrace> ofMethod =
        calls.stream().filter(call -> call.method().equals(SERVICE + method)).toList();
    assertThat(ofMethod)
        .hasSize(ANSWERS)
        .allMatch(call -> call.status() == status)
        .extracting(RpcTrace::responses)
        .filteredOn(responses -> responses >= 0)
        .doesNotHaveDuplicates()
        .allMatch(responses -> 1 <= responses && responses <= ANSWERS);
  }

  /** nginx has nobody to ask: its answer is one of HTTP, 404, which is no status of gRPC. */
  @ParameterizedTest
  @CsvSource({"CLEAR,GO", "TLS,NODE"})
  void whatNginxRefusesItself(Way way, GrpcProgram library) {
    Chain chain = CHAINS.get(way);
    chain.clients().get(library).run(List.of(RpcCase.UNIMPLEMENTED_SERVICE));

    for (Side side : List.of(Side.CLIENT, Side.PROXY_AS_SERVER)) {
      assertThat(chain.awaitNew(side, 1))
          .extracting(RpcTrace::method, RpcTrace::status, RpcTrace::error)
          .containsExactly(
              tuple(
                  "grpc.testing.UnimplementedService/UnimplementedCall",
                  RpcCall.UNIMPLEMENTED,
                  "UNIMPLEMENTED"));
    }
    for (Side side : List.of(Side.PROXY_AS_CLIENT, Side.SERVER)) {
      chain.awaitNew(side, 0);
    }
  }

  /** nginx then closes its connection to the server, with what it has not read yet. */
  @ParameterizedTest
  @CsvSource({"CLEAR,GO", "CLEAR,NODE", "TLS,GO", "TLS,NODE"})
  void thatTheirClientGivesUp(Way way, GrpcProgram library) {
    Chain chain = CHAINS.get(way);
    int times = 10;
    for (int i = 0; i < times; i++) {
      chain.clients().get(library).run(List.of(RpcCase.CANCEL_AFTER_FIRST_RESPONSE));
    }

    for (Side side : Side.values()) {
      assertThat(chain.awaitNew(side, times))
          .as("%s", side)
          .allMatch(call -> call.method().equals(SERVICE + "FullDuplexCall"))
          .allMatch(
              call ->
                  switch (side) {
                    case CLIENT -> call.status() == RpcCall.CANCELLED;
                    // the server may have been told of the end of the requests before, and be done
                    case PROXY_AS_SERVER ->
                        call.status() == RpcCall.CANCELLED || call.status() == 0;
                    case PROXY_AS_CLIENT ->
                        call.status() == RpcCall.UNAVAILABLE && call.error() != null
                            || call.status() == 0;
                    case SERVER ->
                        call.status() == -1 && call.error() != null || call.status() == 0;
                  });
    }
  }
}
