package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Calls of gRPC whose server is killed are each reported once, as failed")
class GrpcOutageIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String EMPTY_CALL = "grpc.testing.TestService/EmptyCall";
  private static final String STREAM = "grpc.testing.TestService/StreamingOutputCall";

  /** What comes before the call, and after it once there is a server again. */
  private static final List<RpcCase> ORDINARY =
      List.of(RpcCase.EMPTY_UNARY, RpcCase.SERVER_STREAMING, RpcCase.STATUS_CODE_AND_MESSAGE);

  /** Of the frames that ask for an empty call, and more than others that come alone. */
  private static final int CALL_BYTES = 30;

  /** One end of a connection in {@code /proc/net/tcp} that is established: its port, its bytes. */
  private static final Pattern UNREAD =
      Pattern.compile(" [0-9A-F]+:([0-9A-F]{4}) [0-9A-F:]+ 01 [0-9A-F]+:([0-9A-F]+) ");

  @TempDir static Path folder;
  private static final Map<GrpcProgram, GrpcProgram.Server> SERVERS =
      new EnumMap<>(GrpcProgram.class);
  private static final Map<GrpcProgram, GrpcProgram.Client> CLIENTS =
      new EnumMap<>(GrpcProgram.class);
  private static final Running RUNNING = new Running();
  private static Sonde sonde;
  private static RpcSides told;

  @BeforeAll
  static void startThemAll() {
    ThisMachine.assumeItCanBeObserved();
    for (GrpcProgram library : List.of(GrpcProgram.GO, GrpcProgram.NODE, GrpcProgram.PYTHON)) {
      SERVERS.put(library, RUNNING.add(library.server(folder)));
      String address = SERVERS.get(library).address();
      CLIENTS.put(library, RUNNING.add(library.client(folder, address)));
    }
    Stream<Integer> ports = SERVERS.values().stream().map(GrpcProgram.Server::port);
    Stream<Long> pids = CLIENTS.values().stream().map(GrpcProgram.Client::pid);
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
                    .filteredOn(lost -> !lost.has("cause", "after_close"))
                    .isEmpty());
      }
    } finally {
      RUNNING.end();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"GO", "NODE", "PYTHON"})
  void betweenTwoAnswers(GrpcProgram library) {
    GrpcProgram.Client client = CLIENTS.get(library);
    GrpcProgram.Server server = SERVERS.get(library);
    int before = told.callsOf(client).size();
    int servedBefore = served(server.port()).size();
    client.run(ORDINARY);
    client.begin("broken_streaming");
    client.awaitAnswered();
    server.kill();
    client.awaitDone("broken_streaming", 1);

    int calls = RpcCase.callsOf(ORDINARY).size() + 1;
    assertFailed(last(told.awaitCalls(client, before + calls)), STREAM, 1);
    awaitServed(server.port(), servedBefore + calls);
    assertThat(List.of(last(served(server.port()))))
        .extracting(RpcTrace::method, RpcTrace::status, RpcTrace::responses, RpcTrace::error)
        .containsExactly(tuple(STREAM, -1, 1, "connection_closed"));
    assertNothingIsLeftOfIt(library);
  }

  /** Its server hangs: it has not even read the call, so only the client can tell of it. */
  @ParameterizedTest
  @EnumSource(names = {"GO", "NODE", "PYTHON"})
  void beforeTheAnswer(GrpcProgram library) {
    GrpcProgram.Client client = CLIENTS.get(library);
    GrpcProgram.Server server = SERVERS.get(library);
    int before = told.callsOf(client).size();
    int servedBefore = served(server.port()).size();
    client.run(ORDINARY);
    server.program().hang();
    client.begin("broken_unary");
    await("the call to reach its server")
        .atMost(PATIENCE)
        .until(() -> unread(server.port()) >= CALL_BYTES);
    server.kill();
    client.awaitDone("broken_unary", 1);

    int calls = RpcCase.callsOf(ORDINARY).size() + 1;
    assertFailed(last(told.awaitCalls(client, before + calls)), EMPTY_CALL, 0);
    awaitServed(server.port(), servedBefore + calls - 1);
    assertNothingIsLeftOfIt(library);
  }

  private static void assertFailed(RpcTrace call, String method, int responses) {
    assertThat(call.asCall()).isEqualTo(new RpcCall(method, RpcCall.UNAVAILABLE, 1, responses));
    // the last: a client that gives the call up itself before it closes the connection
    assertThat(call.error()).isIn("connection_reset", "connection_closed", "UNAVAILABLE");
  }

  /** The same client, with another server in the place of the one that was killed. */
  private static void assertNothingIsLeftOfIt(GrpcProgram library) {
    GrpcProgram.Client client = CLIENTS.get(library);
    int port = SERVERS.get(library).port();
    SERVERS.put(library, RUNNING.add(library.server(folder, port)));
    int before = told.callsOf(client).size();
    int servedBefore = served(port).size();
    client.run(ORDINARY);

    List<RpcCall> expected = RpcCase.callsOf(ORDINARY);
    List<RpcTrace> calls = told.awaitCalls(client, before + expected.size());
    RpcSides.assertToldInOrder(
        expected, calls.subList(before, calls.size()).stream().map(RpcTrace::asCall).toList());
    awaitServed(port, servedBefore + expected.size());
    List<RpcTrace> served = served(port);
    RpcSides.assertToldInOrder(
        expected,
        served.subList(servedBefore, served.size()).stream().map(RpcTrace::asCall).toList());
  }

  private static List<RpcTrace> served(int port) {
    return told.inOrder(call -> call.kind().equals("SERVER") && call.serverPort() == port);
  }

  private static void awaitServed(int port, int count) {
    await(count + " calls on the server's side")
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(served(port)).hasSize(count));
  }

  private static RpcTrace last(List<RpcTrace> calls) {
    return calls.get(calls.size() - 1);
  }

  /** The most that one of the connections of the server at that port has received and not read. */
  private static int unread(int port) {
    try (Stream<String> four = Files.lines(Path.of("/proc/net/tcp"));
        Stream<String> six = Files.lines(Path.of("/proc/net/tcp6"))) {
      return Stream.concat(four, six)
          .map(UNREAD::matcher)
          .filter(Matcher::find)
          .filter(found -> Integer.parseInt(found.group(1), 16) == port)
          .mapToInt(found -> Integer.parseUnsignedInt(found.group(2), 16))
          .max()
          .orElse(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
