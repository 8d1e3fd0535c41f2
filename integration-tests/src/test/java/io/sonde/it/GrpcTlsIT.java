package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Go's TLS and Node's OpenSSL are read; BoringSSL inside grpcio, which has no symbols, is not. */
@DisplayName("Calls of gRPC over TLS are each reported once where TLS is read, and nowhere else")
class GrpcTlsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final List<GrpcProgram> LIBRARIES =
      List.of(GrpcProgram.GO, GrpcProgram.NODE, GrpcProgram.PYTHON);

  /** One to a server that is read as well, one to one that is not. */
  private static final int UNREAD = 2;

  @TempDir static Path folder;
  private static final Map<GrpcProgram, GrpcProgram.Server> SERVERS =
      new EnumMap<>(GrpcProgram.class);

  /** By library of the client and of its server. */
  private static final Map<List<GrpcProgram>, GrpcProgram.Client> CLIENTS = new HashMap<>();

  private static final Running RUNNING = new Running();
  private static Sonde sonde;
  private static RpcSides told;

  @BeforeAll
  static void startThemAll() {
    ThisMachine.assumeItCanBeObserved();
    Certificate certificate = Certificate.make(folder);
    for (GrpcProgram library : LIBRARIES) {
      SERVERS.put(library, RUNNING.add(library.server(folder, certificate)));
    }
    for (GrpcProgram library : LIBRARIES) {
      for (GrpcProgram server : LIBRARIES) {
        String address = SERVERS.get(server).address();
        CLIENTS.put(
            List.of(library, server), RUNNING.add(library.client(folder, address, certificate)));
      }
    }
    Stream<Integer> ports = SERVERS.values().stream().map(GrpcProgram.Server::port);
    Stream<Long> pids = CLIENTS.values().stream().map(GrpcProgram.Client::pid);
    sonde = RUNNING.add(Sonde.observing(folder, ports, pids));
    told = new RpcSides(sonde);
    sonde.awaitHooked(TlsServer.NODE);
    GrpcProgram.GO.awaitHooked(sonde);
  }

  @AfterAll
  static void nothingElseWasSaidAndNothingElseWasLost() throws Exception {
    try {
      if (sonde != null) {
        Sonde.awaitNothingMore(
            () -> {
              assertThat(sonde.traces()).isEmpty(); // of HTTP
              assertThat(sonde.metrics().named("sonde_stage_lost_total"))
                  .filteredOn(lost -> !lost.has("cause", "tls"))
                  .filteredOn(lost -> !lost.has("cause", "after_close"))
                  .isEmpty();
            });
      }
    } finally {
      RUNNING.end();
    }
  }

  @ParameterizedTest
  @CsvSource({"GO,GO", "GO,NODE", "NODE,GO", "NODE,NODE"})
  void whereBothSidesAreRead(GrpcProgram library, GrpcProgram server) {
    GrpcProgram.Client client = CLIENTS.get(List.of(library, server));
    client.run(client.cases());

    told.assertSame(client, SERVERS.get(server), RpcCase.callsOf(client.cases()));
  }

  @Test
  void whereOneSideIsNotReadTheOtherTellsIt() throws Exception {
    GrpcProgram.Client read = CLIENTS.get(List.of(GrpcProgram.GO, GrpcProgram.PYTHON));
    GrpcProgram.Client unread = CLIENTS.get(List.of(GrpcProgram.PYTHON, GrpcProgram.GO));
    read.run(read.cases());
    unread.run(unread.cases());

    List<RpcCall> expected = RpcCase.callsOf(read.cases());
    RpcSides.assertToldInOrder(
        expected, told.awaitCalls(read, expected.size()).stream().map(RpcTrace::asCall).toList());
    int port = SERVERS.get(GrpcProgram.GO).port();
    List<Integer> others =
        CLIENTS.values().stream()
            .flatMap(client -> told.callsOf(client).stream())
            .map(RpcTrace::clientPort)
            .toList();
    await("the server's side")
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(told.inOrder(call -> call.serverPort() == port))
                    .filteredOn(call -> !others.contains(call.clientPort()))
                    .allMatch(call -> call.kind().equals("SERVER"))
                    .extracting(RpcTrace::method)
                    .containsExactlyElementsOf(expected.stream().map(RpcCall::method).toList()));

    read.close();
    unread.close();
    await("what was not read to be counted")
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              Samples metrics = sonde.metrics();
              assertThat(metrics.sum("sonde_tls_connections_total", "result", "unreadable"))
                  .isEqualTo(UNREAD);
              assertThat(metrics.sum("sonde_stage_lost_total", "cause", "tls")).isEqualTo(UNREAD);
            });
    int silent = SERVERS.get(GrpcProgram.PYTHON).port();
    assertThat(told.callsOf(unread)).isEmpty();
    assertThat(told.inOrder(call -> call.serverPort() == silent))
        .allMatch(call -> call.pid() == read.pid());
  }
}
