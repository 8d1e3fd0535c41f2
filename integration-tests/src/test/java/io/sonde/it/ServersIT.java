package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A server's requests")
class ServersIT {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void areEachReportedOnceWithMethodPathStatusAndSizes(WebServer.Kind kind) {
    try (WebServer server = WebServer.start(kind, folder);
        Sonde sonde = Sonde.observingPorts(folder, server.port())) {
      Http.curl(folder, server.url("/"));
      Http.curl(folder, server.url("/?q=1"));
      Http.curl(folder, "-I", server.url("/"));
      Http.curl(folder, server.url("/status/204"));
      Http.curl(folder, server.url("/status/304"));
      Http.curl(folder, server.url("/status/404"));
      Http.curl(folder, server.url("/status/500"));
      Http.curl(folder, "--data-raw", "twelve bytes", server.url("/echo"));
      Http.curl(folder, "-X", "DELETE", server.url("/echo"));

      List<Trace> traces = sonde.awaitTraces(9, trace -> true);

      assertThat(traces).allMatch(trace -> trace.kind().equals("SERVER"));
      assertThat(traces).allMatch(trace -> trace.serverPort() == server.port());
      assertSameAsLog(traces, server);
      assertThat(traces)
          .filteredOn(trace -> trace.method().equals("POST"))
          .singleElement()
          .returns(12L, Trace::requestBytes);
    }
  }

  @ParameterizedTest
  @EnumSource
  void onOneKeptConnectionAreEachReportedOnce(WebServer.Kind kind) {
    try (WebServer server = WebServer.start(kind, folder);
        Sonde sonde = Sonde.observingPorts(folder, server.port())) {
      List<String> urls = new ArrayList<>();
      for (int i = 0; i < 23; i++) {
        urls.add(server.url(i % 2 == 0 ? "/" : "/status/404"));
      }
      Http.curl(folder, urls.toArray(String[]::new));

      assertSameAsLog(sonde.awaitTraces(23, trace -> true), server);
    }
  }

  @ParameterizedTest
  @EnumSource
  void withLargeAnswersHaveTheirRightSizes(WebServer.Kind kind) {
    String large = kind == WebServer.Kind.NGINX ? "/large" : "/bytes?n=3000000";
    try (WebServer server = WebServer.start(kind, folder);
        Sonde sonde = Sonde.observingPorts(folder, server.port())) {
      Http.curl(folder, "-o", "/dev/null", server.url(large), "-o", "/dev/null", server.url("/"));

      List<Trace> traces = sonde.awaitTraces(2, trace -> true);

      assertSameAsLog(traces, server);
      assertThat(traces).anyMatch(trace -> trace.responseBytes() == 3_000_000);
    }
  }

  @ParameterizedTest
  @EnumSource(names = "NGINX", mode = EnumSource.Mode.EXCLUDE) // answers before it reads the body
  void withLargeBodiesHaveTheirRightSizes(WebServer.Kind kind) {
    try (WebServer server = WebServer.start(kind, folder);
        Sonde sonde = Sonde.observingPorts(folder, server.port())) {
      Http.curl(
          folder,
          "-H",
          "Content-Type: application/octet-stream",
          "--data-binary",
          "@" + Http.fileOf(folder, 500_000),
          server.url("/echo"));

      assertThat(sonde.awaitTraces(1, trace -> true))
          .singleElement()
          .returns(500_000L, Trace::requestBytes)
          .returns(500_000L, Trace::responseBytes);
    }
  }

  @ParameterizedTest
  @EnumSource(
      names = {"NGINX", "PHP"},
      mode = EnumSource.Mode.EXCLUDE) // logs framing; has no such
  void answeredInChunksHaveTheSizeOfThePayload(WebServer.Kind kind) {
    try (WebServer server = WebServer.start(kind, folder);
        Sonde sonde = Sonde.observingPorts(folder, server.port())) {
      Http.curl(folder, server.url("/chunked?n=7"), server.url("/chunked?n=0"));

      assertSameAsLog(sonde.awaitTraces(2, trace -> true), server);
    }
  }

  /** How much of it was framing is in bytes that were not captured: unknown, not guessed. */
  @ParameterizedTest
  @EnumSource(
      names = {"NGINX", "PHP"},
      mode = EnumSource.Mode.EXCLUDE)
  void answeredInManyChunksHaveNoWrongSizeAndDoNotDisturbTheNextOne(WebServer.Kind kind) {
    try (WebServer server = WebServer.start(kind, folder);
        Sonde sonde = Sonde.observingPorts(folder, server.port())) {
      Http.curl(folder, server.url("/chunked?n=5000"), server.url("/bytes?n=23"));

      assertThat(sonde.awaitTraces(2, trace -> true))
          .extracting(Trace::path, Trace::status, Trace::responseBytes)
          .containsExactly(tuple("/chunked", 200, -1L), tuple("/bytes", 200, 23L));
    }
  }

  @ParameterizedTest
  @EnumSource(
      names = {"PHP", "CPP"},
      mode = EnumSource.Mode.EXCLUDE) // answer only the first
  void sentBeforeTheAnswersToEarlierOnesAreEachReported(WebServer.Kind kind) throws IOException {
    try (WebServer server = WebServer.start(kind, folder);
        Sonde sonde = Sonde.observingPorts(folder, server.port());
        RawConnection connection = RawConnection.open("127.0.0.1", server.port())) {
      String request = "GET /status/%d HTTP/1.1\r\nHost: pipelined.test\r\n\r\n";
      connection.send(request.formatted(404) + request.formatted(500) + request.formatted(204));
      for (int answer = 0; answer < 3; answer++) {
        connection.readAnswer();
      }

      assertSameAsLog(sonde.awaitTraces(3, trace -> true), server);
    }
  }

  @ParameterizedTest
  @EnumSource(names = "NGINX", mode = EnumSource.Mode.EXCLUDE) // answers before it reads the body
  void thatAskBeforeTheySendTheirBodyHaveTheirFinalStatus(WebServer.Kind kind) {
    try (WebServer server = WebServer.start(kind, folder);
        Sonde sonde = Sonde.observingPorts(folder, server.port())) {
      Http.curl(
          folder, "-H", "Expect: 100-continue", "--data-raw", "twelve bytes", server.url("/echo"));

      assertThat(sonde.awaitTraces(1, trace -> true))
          .singleElement()
          .returns(200, Trace::status)
          .returns(12L, Trace::requestBytes)
          .returns(12L, Trace::responseBytes);
    }
  }

  private static void assertSameAsLog(List<Trace> traces, WebServer server) {
    assertThat(traces.stream().map(Trace::asAccessLine))
        .containsExactlyInAnyOrderElementsOf(server.accessLog());
  }
}
