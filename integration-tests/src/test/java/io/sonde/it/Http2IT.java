package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One Sonde observes them all; what it says of a server is compared with that server's own log. */
@DisplayName("Requests over HTTP/2 are each reported once")
class Http2IT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String SERVED = "http_server_request_duration_seconds_count";

  /** Asked for before Sonde has begun. */
  private static final String BEFORE = "/status/204";

  @TempDir static Path folder;
  private static final Map<Http2Server, WebServer> SERVERS = new EnumMap<>(Http2Server.class);
  private static final Map<Http2Client, Program> CLIENTS = new EnumMap<>(Http2Client.class);

  /** Have asked {@code NGINX} before Sonde began. */
  private static final Map<Http2Client, Program> OLDER = new EnumMap<>(Http2Client.class);

  private static final Running RUNNING = new Running();
  private static Certificate certificate;

  /** Not observed: what clients call. */
  private static WebServer callee;

  private static WebServer upstream;
  private static WebServer proxy;
  private static Sonde sonde;

  @BeforeAll
  static void startThemAll() {
    ThisMachine.assumeItCanBeObserved();
    certificate = Certificate.make(folder);
    for (Http2Server kind : Http2Server.values()) {
      SERVERS.put(kind, RUNNING.add(kind.start(certificate, folder)));
    }
    callee = RUNNING.add(Http2Server.NGINX.start(certificate, folder));
    upstream = RUNNING.add(WebServer.start(WebServer.Kind.GO, folder));
    proxy = RUNNING.add(Http2Server.nginxBefore(upstream.port(), folder));
    for (Http2Client kind : Http2Client.values()) {
      CLIENTS.put(kind, RUNNING.add(kind.start(folder)));
      OLDER.put(kind, RUNNING.add(kind.start(folder)));
      Http2Client.ask(OLDER.get(kind), 2, SERVERS.get(Http2Server.NGINX).url(BEFORE));
    }
    String ports =
        Stream.concat(SERVERS.values().stream(), Stream.of(upstream, proxy))
            .map(server -> Integer.toString(server.port()))
            .collect(Collectors.joining(","));
    String pids =
        CLIENTS.values().stream()
            .map(client -> Long.toString(client.pid()))
            .collect(Collectors.joining(","));
    sonde =
        RUNNING.add(
            Sonde.configured(
                folder,
                Map.of(),
                """
                discovery.instrument = [
                  { open_ports = "%s" }, { target_pids = [%s] }, { exe_path = "*/curl" }
                ]
                """
                    .formatted(ports, pids)));
    sonde.awaitHooked(TlsServer.NGINX, TlsServer.NODE, TlsServer.GO);
  }

  /** What would be reported late, or counted as lost late, has been by then. */
  @AfterAll
  static void nothingWasReportedTwiceAndNothingWasLost() throws Exception {
    try {
      if (sonde != null) {
        Sonde.awaitNothingMore(
            () -> {
              for (Http2Server kind : Http2Server.values()) {
                if (kind != Http2Server.NGINX) { // asked by older connections as well
                  assertSameAsLog(kind, ".*");
                }
              }
              assertThat(sonde.metrics().named("sonde_stage_lost_total"))
                  .filteredOn(lost -> lost.value() > expectedlyLost(lost))
                  .isEmpty();
            });
      }
    } finally {
      RUNNING.end();
    }
  }

  @ParameterizedTest
  @EnumSource
  void withMethodPathStatusAndSizes(Http2Server kind) {
    curl(kind, "/");
    curl(kind, "/?q=1");
    curl(kind, "/", "-I");
    curl(kind, "/status/404");
    curl(kind, "/status/500");
    curl(kind, "/", "-X", "PATCH", "-H", "X-Long: " + "v".repeat(5000));
    if (kind.echoes()) { // nginx answers, and may reset, before the body is there
      curl(kind, "/echo", "--data-raw", "twelve bytes");
    }
    curl(kind, "/status/404?again", "-X", "DELETE");

    awaitSameAsLog(kind, "/|/echo|/status/404|/status/500");
    List<Trace> traces = traces(kind);
    assertThat(traces).hasSizeGreaterThanOrEqualTo(7);
    if (kind.echoes()) {
      assertThat(traces)
          .filteredOn(trace -> trace.method().equals("POST") && trace.path().equals("/echo"))
          .anyMatch(trace -> trace.requestBytes() == 12);
    }
    assertThat(traces).extracting(Trace::query).contains("q=1", "again");
  }

  @ParameterizedTest
  @EnumSource
  void whenTheyAreLargerThanAFrame(Http2Server kind) {
    curl(kind, kind.large(), "-o", "/dev/null");
    if (kind.echoes()) {
      String file = "@" + Http.fileOf(folder, 300_000);
      String type = "Content-Type: application/octet-stream";
      curl(kind, "/echo", "-H", type, "--data-binary", file, "-o", "/dev/null");
    }

    awaitSameAsLog(kind, "/large|/bytes|/echo");
    assertThat(traces(kind)).anyMatch(trace -> trace.responseBytes() == 3_000_000);
    if (kind.echoes()) {
      assertThat(traces(kind))
          .anyMatch(trace -> trace.requestBytes() == 300_000 && trace.responseBytes() == 300_000);
    }
  }

  /** By nghttp2's own client; on each connection many at a time. */
  @ParameterizedTest
  @EnumSource
  void whenManyAreUnderWayOnOneConnection(Http2Server kind) throws Exception {
    int requests = 500;
    int port = SERVERS.get(kind).port();
    double before = sonde.metrics().sum(SERVED, "server_port", port + "");
    String report =
        Program.run(
            folder,
            "h2load",
            "--requests=" + requests,
            "--clients=2",
            "--max-concurrent-streams=50",
            SERVERS.get(kind).url("/status/404"));
    Matcher answered = Pattern.compile("status codes: .* (\\d+) 4xx").matcher(report);
    assertThat(answered.find()).as(report).isTrue();
    assertThat(answered.group(1)).isEqualTo(requests + "");

    await("all of h2load's requests")
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(sonde.metrics().sum(SERVED, "server_port", port + "") - before)
                    .isEqualTo(requests));
  }

  @ParameterizedTest
  @EnumSource
  void whenTheyFinishInAnotherOrderThanTheyBegan(Http2Client kind) {
    WebServer server = SERVERS.get(Http2Server.GO);
    Program client = CLIENTS.get(kind);
    String path = "/for/" + kind + "?ms=";
    Http2Client.ask(
        client, 5, server.url("/delay/of/200" + path + 200), server.url("/delay/of/1" + path + 1));

    await("both sides")
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(
                        sonde.traces(trace -> trace.path().matches("/delay/of/\\d+/for/" + kind)))
                    .hasSize(20)
                    .filteredOn(trace -> trace.path().startsWith("/delay/of/200/"))
                    .hasSize(10)
                    .allMatch(trace -> trace.durationUs() > 200_000));
  }

  @ParameterizedTest
  @EnumSource
  void byTheirClient(Http2Client kind) {
    Program client = CLIENTS.get(kind);
    List<AccessLine> expected = new ArrayList<>();
    Http2Client.ask(client, 1, callee.url("/"));
    Http2Client.ask(client, 30, callee.url("/status/404"));
    Http2Client.ask(client, 3, callee.url("/large"));
    Http2Client.ask(client, 30, callee.url("/?by=" + kind));
    AccessLine.parse(client.output()).stream()
        .filter(line -> !line.path().startsWith("/delay"))
        .forEach(expected::add);

    await("its calls")
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(
                        sonde
                            .traces(
                                trace ->
                                    trace.kind().equals("CLIENT")
                                        && trace.pid() == client.pid()
                                        && trace.serverPort() == callee.port())
                            .stream()
                            .map(Trace::asAccessLine))
                    .hasSize(64)
                    .containsExactlyInAnyOrderElementsOf(expected));
  }

  @Test
  void byCurlAsWellAsByItsServer() {
    for (Http2Server kind : List.of(Http2Server.NGINX, Http2Server.NGINX_TLS)) {
      curl(kind, "/status/404?called=by-curl");

      await("both sides of " + kind)
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(sonde.traces(trace -> trace.serverPort() == SERVERS.get(kind).port()))
                      .filteredOn(trace -> trace.query().equals("called=by-curl"))
                      .extracting(Trace::kind, Trace::path, Trace::status)
                      .containsExactlyInAnyOrder(
                          tuple("CLIENT", "/status/404", 404),
                          tuple("SERVER", "/status/404", 404)));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"GO_UPGRADING", "HYPERCORN"})
  void whenTheFirstIsStillHttp1AndAsksForTheUpgrade(Http2Server kind) {
    WebServer server = SERVERS.get(kind);
    Http.curl(folder, "--http2", server.url("/upgraded/by/curl?n=1"));

    awaitSameAsLog(kind, "/upgraded/.*");
    assertThat(traces(kind))
        .filteredOn(trace -> trace.path().equals("/upgraded/by/curl"))
        .hasSize(1);
  }

  @Test
  void byAProxyThatHandsThemOnInHttp1() {
    Http.curl(folder, "--http2-prior-knowledge", proxy.url("/other/status/404"));
    Http.curl(folder, "--http2-prior-knowledge", proxy.url("/other/bytes?n=5000"));

    await("its three sides")
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(sonde.traces(trace -> trace.serverPort() == proxy.port()))
                  .filteredOn(trace -> trace.kind().equals("SERVER"))
                  .extracting(Trace::path, Trace::status)
                  .containsExactlyInAnyOrder(
                      tuple("/other/status/404", 404), tuple("/other/bytes", 200));
              for (String side : List.of("SERVER", "CLIENT")) {
                assertThat(sonde.traces(trace -> trace.serverPort() == upstream.port()))
                    .filteredOn(trace -> trace.kind().equals(side))
                    .extracting(Trace::asAccessLine)
                    .containsExactlyInAnyOrderElementsOf(upstream.accessLog());
              }
            });
  }

  /**
   * The fields that client and server agreed to abbreviate before Sonde began are not known to it;
   * what it says is right, or says that it is not known.
   */
  @ParameterizedTest
  @EnumSource
  void onConnectionsOlderThanSonde(Http2Client kind) {
    WebServer server = SERVERS.get(Http2Server.NGINX);
    Program client = OLDER.get(kind);
    String later = "/status/404?later=" + kind;
    Http2Client.ask(client, 3, server.url(BEFORE));
    Http2Client.ask(client, 10, server.url(later));

    await("all that was asked later")
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(traces(Http2Server.NGINX))
                    .filteredOn(trace -> trace.query().equals("later=" + kind))
                    .hasSize(10)
                    .allMatch(trace -> trace.path().equals("/status/404"))
                    .allMatch(trace -> trace.status() == 404 || trace.status() == 0));
    int port =
        traces(Http2Server.NGINX).stream()
            .filter(trace -> trace.query().equals("later=" + kind))
            .findFirst()
            .orElseThrow()
            .clientPort();
    await("all that was asked again")
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(traces(Http2Server.NGINX))
                    .filteredOn(trace -> trace.clientPort() == port)
                    .filteredOn(trace -> !trace.query().equals("later=" + kind))
                    .hasSize(3)
                    .allMatch(trace -> trace.path().equals(BEFORE) || trace.path().isEmpty())
                    .allMatch(trace -> trace.status() == 204 || trace.status() == 0));
  }

  private static void curl(Http2Server kind, String path, String... more) {
    List<String> arguments = new ArrayList<>(List.of(kind.curl(certificate)));
    arguments.addAll(Arrays.asList(more));
    arguments.add(SERVERS.get(kind).url(path));
    Http.curl(folder, arguments.toArray(String[]::new));
  }

  private static List<Trace> traces(Http2Server kind) {
    int port = SERVERS.get(kind).port();
    return sonde.traces(trace -> trace.kind().equals("SERVER") && trace.serverPort() == port);
  }

  /**
   * @param paths pattern of those that the test asked for
   */
  private static void awaitSameAsLog(Http2Server kind, String paths) {
    await("what " + kind + " logged")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(() -> assertSameAsLog(kind, paths));
  }

  private static void assertSameAsLog(Http2Server kind, String paths) {
    List<AccessLine> logged =
        SERVERS.get(kind).accessLog().stream().filter(line -> line.path().matches(paths)).toList();
    assertThat(traces(kind).stream().map(Trace::asAccessLine))
        .as("of %s", kind)
        .filteredOn(line -> line.path().matches(paths))
        .containsExactlyInAnyOrderElementsOf(logged);
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
