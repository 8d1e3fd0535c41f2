package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One Sonde observes them all; what it says of a server is compared with that server's own log. */
@DisplayName("Requests over TLS are each reported once")
class TlsServersIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int CONNECTIONS = 40;
  private static final int REQUESTS = 5;
  private static final String SERVED = "http_server_request_duration_seconds_count";

  /** Asked for before Sonde has begun, or by a call that began before. */
  private static final String BEFORE = "/before-sonde";

  /** The answer without its request of the one call that was waiting when Sonde began. */
  private static final int OF_CALLS_BEFORE_SONDE = 1;

  @TempDir static Path folder;
  private static final Map<TlsServer, WebServer> SERVERS = new EnumMap<>(TlsServer.class);
  private static final Map<TlsServer, RawConnection> OLDER = new EnumMap<>(TlsServer.class);
  private static final Running RUNNING = new Running();
  private static Certificate certificate;
  private static Sonde sonde;

  @BeforeAll
  static void startThemAll() throws IOException {
    ThisMachine.assumeItCanBeObserved();
    certificate = Certificate.make(folder);
    for (TlsServer kind : TlsServer.values()) {
      WebServer server = RUNNING.add(kind.start(certificate, folder));
      SERVERS.put(kind, server);
      OLDER.put(kind, RUNNING.add(RawConnection.openTls(certificate, server.port())));
      OLDER.get(kind).get(BEFORE);
    }
    sonde =
        RUNNING.add(
            Sonde.observingPorts(
                folder, SERVERS.values().stream().mapToInt(WebServer::port).toArray()));
    sonde.awaitHooked(TlsServer.values());
    for (TlsServer kind : TlsServer.values()) { // as long as they are kept
      RawConnection connection = OLDER.get(kind);
      if (kind == TlsServer.PYTHON) {
        connection.get(BEFORE); // by the call that waits in the library since before Sonde
      }
      connection.get("/older/1");
      connection.get("/older/2");
    }
  }

  /** What would be reported late, or counted as lost late, has been by then. */
  @AfterAll
  static void nothingWasReportedTwiceAndNothingWasLost() throws Exception {
    try {
      if (sonde != null) {
        await("nothing more to be said")
            .during(Duration.ofMillis(1500)) // longer than any flush in Sonde
            .atMost(PATIENCE)
            .untilAsserted(
                () -> {
                  for (TlsServer kind : TlsServer.values()) {
                    assertSameAsLog(kind, ".*");
                  }
                  assertThat(lost()).isEqualTo(OF_CALLS_BEFORE_SONDE);
                });
      }
    } finally {
      RUNNING.end();
    }
  }

  @ParameterizedTest
  @EnumSource
  void withMethodPathStatusSizesAndScheme(TlsServer kind) throws Exception {
    WebServer server = SERVERS.get(kind);
    curl(server.url("/"));
    curl("--tls-max", "1.2", server.url("/?q=1"));
    curl("-I", server.url("/"));
    curl(server.url("/not/there"));
    curl("-H", "Connection: close", server.url("/"));
    List<String> urls = new ArrayList<>();
    for (int i = 0; i < 23; i++) {
      urls.add(server.url(i % 2 == 0 ? "/" : "/not/there/" + i));
    }
    curl(urls.toArray(String[]::new)); // on one connection

    awaitSameAsLog(kind, "/|/not/.*");
    List<Trace> traces = traces(kind);
    assertThat(traces).hasSizeGreaterThanOrEqualTo(28);
    assertThat(traces).extracting(Trace::kind).containsOnly("SERVER");
    assertThat(traces).extracting(Trace::client).containsOnly("127.0.0.1");
    await("the metrics of this server to be of https")
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(sonde.metrics().named(SERVED))
                    .filteredOn(sample -> sample.has("server_port", server.port() + ""))
                    .isNotEmpty()
                    .allMatch(sample -> sample.has("url_scheme", "https")));
  }

  @ParameterizedTest
  @EnumSource
  void whenTheyAreLargerThanARecord(TlsServer kind) {
    WebServer server = SERVERS.get(kind);
    curl(
        "-o", "/dev/null", server.url(kind.large()), "-o", "/dev/null", server.url("/after/large"));
    if (kind.echoes()) {
      String file = "@" + Http.fileOf(folder, 300_000);
      String type = "Content-Type: application/octet-stream";
      curl("-H", type, "--data-binary", file, "-o", "/dev/null", server.url("/echo"));
    }

    awaitSameAsLog(kind, "/large|/bytes|/echo|/after/large");
    assertThat(traces(kind)).anyMatch(trace -> trace.responseBytes() == 3_000_000);
    if (kind.echoes()) {
      assertThat(traces(kind))
          .anyMatch(trace -> trace.requestBytes() == 300_000 && trace.responseBytes() == 300_000);
    }
  }

  @ParameterizedTest
  @EnumSource
  void onConnectionsOlderThanSonde(TlsServer kind) {
    RawConnection connection = OLDER.get(kind);

    awaitSameAsLog(kind, "/older/.*");
    assertThat(traces(kind))
        .filteredOn(trace -> trace.path().startsWith("/older/"))
        .hasSize(2)
        .allMatch(trace -> trace.clientPort() == connection.localPort());
  }

  /** The path says on which connection it was asked for, and so must Sonde. */
  @ParameterizedTest
  @EnumSource
  void ofTheirOwnConnectionAmongMany(TlsServer kind) throws Exception {
    WebServer server = SERVERS.get(kind);
    ExecutorService clients = Executors.newFixedThreadPool(CONNECTIONS);
    try {
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        tasks.add(() -> ask(server));
      }
      for (Future<Void> client : clients.invokeAll(tasks)) {
        client.get();
      }
    } finally {
      clients.shutdownNow();
    }

    awaitSameAsLog(kind, "/on/.*");
    assertThat(traces(kind))
        .filteredOn(trace -> trace.path().startsWith("/on/"))
        .hasSize(CONNECTIONS * REQUESTS)
        .allSatisfy(
            trace -> assertThat(trace.path()).startsWith("/on/" + trace.clientPort() + "/asked/"));
  }

  private static Void ask(WebServer server) throws IOException {
    try (RawConnection connection = RawConnection.openTls(certificate, server.port())) {
      for (int i = 0; i < REQUESTS; i++) {
        connection.get("/on/" + connection.localPort() + "/asked/" + i);
      }
      return null;
    }
  }

  @ParameterizedTest
  @EnumSource
  void whileThoseWhoOnlyShakeHandsAreNeitherReportedNorLost(TlsServer kind) throws Exception {
    WebServer server = SERVERS.get(kind);
    double before = lost();
    for (String version : List.of("-tls1_2", "-tls1_3")) {
      String command = "openssl s_client -brief %s -connect 127.0.0.1:%d </dev/null";
      Program.run(folder, "/bin/sh", "-c", command.formatted(version, server.port()));
    }
    RawConnection.openTls(certificate, server.port()).close();
    curl(server.url("/after/handshakes"));

    awaitSameAsLog(kind, "/after/handshakes");
    assertThat(lost()).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource
  void onResumedSessions(TlsServer kind) {
    String port = Integer.toString(SERVERS.get(kind).port());
    String client = Paths.resource("tls_resuming_client.py").toString();
    for (String version : List.of("TLSv1_2", "TLSv1_3")) {
      Program.run(folder, "/usr/bin/python3", client, port, version, "/resumed/" + version);
    }

    awaitSameAsLog(kind, "/resumed/.*");
    assertThat(traces(kind)).filteredOn(trace -> trace.path().startsWith("/resumed/")).hasSize(6);
  }

  private static void curl(String... arguments) {
    List<String> all = new ArrayList<>(List.of("--http1.1", "--cacert", certificate.file() + ""));
    all.addAll(List.of(arguments));
    Http.curl(folder, all.toArray(String[]::new));
  }

  private static List<Trace> traces(TlsServer kind) {
    return sonde.traces(trace -> trace.serverPort() == SERVERS.get(kind).port());
  }

  private static double lost() throws IOException, InterruptedException {
    return sonde.metrics().sum("sonde_stage_lost_total");
  }

  /**
   * @param paths pattern of those that the test asked for
   */
  private static void awaitSameAsLog(TlsServer kind, String paths) {
    await("what " + kind + " logged")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(() -> assertSameAsLog(kind, paths));
  }

  private static void assertSameAsLog(TlsServer kind, String paths) {
    List<AccessLine> logged =
        SERVERS.get(kind).accessLog().stream()
            .filter(line -> line.path().matches(paths) && !line.path().equals(BEFORE))
            .toList();
    assertThat(traces(kind).stream().map(Trace::asAccessLine))
        .as("of %s", kind)
        .filteredOn(line -> line.path().matches(paths))
        .containsExactlyInAnyOrderElementsOf(logged);
  }
}
