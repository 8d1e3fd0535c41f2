package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All call one nginx, which is not observed and logs what it was asked. */
@DisplayName("Calls over TLS are each reported once")
class TlsClientsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int TIMES = 7;
  private static final int CONNECTIONS = 20;

  @TempDir static Path folder;
  private static final Map<TlsServer, WebServer> CALLERS = new EnumMap<>(TlsServer.class);
  private static final Running RUNNING = new Running();
  private static Certificate certificate;
  private static WebServer callee;
  private static WebServer proxy;
  private static Collector collector;
  private static Sonde sonde;

  @BeforeAll
  static void startThemAll() {
    ThisMachine.assumeItCanBeObserved();
    certificate = Certificate.make(folder);
    callee = RUNNING.add(TlsServer.NGINX.start(certificate, folder));
    proxy = RUNNING.add(WebServer.nginxBefore(callee, folder));
    for (TlsServer kind :
        List.of(
            TlsServer.NODE,
            TlsServer.PYTHON,
            TlsServer.PUMA,
            TlsServer.GO,
            TlsServer.GO_STATIC_PIE)) {
      CALLERS.put(kind, RUNNING.add(kind.start(certificate, folder)));
    }
    collector = RUNNING.add(Collector.start(folder));
    String ports =
        CALLERS.values().stream()
            .map(caller -> Integer.toString(caller.port()))
            .collect(Collectors.joining(",", proxy.port() + ",", ""));
    sonde =
        RUNNING.add(
            Sonde.configured(
                folder,
                Map.of(
                    "OTEL_EXPORTER_OTLP_ENDPOINT",
                    collector.grpcEndpoint(),
                    "OTEL_EXPORTER_OTLP_PROTOCOL",
                    "grpc"),
                """
                discovery.instrument = [
                  { exe_path = "*/curl" }, { exe_path = "*/wget" }, { open_ports = "%s" }
                ]
                """
                    .formatted(ports)));
    sonde.awaitHooked(CALLERS.keySet().toArray(TlsServer[]::new));
  }

  @AfterAll
  static void nothingWasReportedTwiceAndNothingWasLost() throws Exception {
    try {
      if (sonde != null) {
        await("nothing more to be said")
            .during(Duration.ofMillis(1500)) // longer than any flush in Sonde
            .atMost(PATIENCE)
            .untilAsserted(
                () -> {
                  assertThat(calls("")).containsExactlyInAnyOrderElementsOf(callee.accessLog());
                  assertThat(sonde.metrics().sum("sonde_stage_lost_total")).isZero();
                });
      }
    } finally {
      RUNNING.end();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NODE", "PYTHON", "PUMA", "GO", "GO_STATIC_PIE"})
  void byAServiceThatIsAskedOverTlsItself(TlsServer kind) {
    WebServer caller = CALLERS.get(kind);
    String path = "/called/by/" + kind;
    String call = "/call?times=" + TIMES + "&url=" + callee.url(path);
    Http.curl(folder, "--http1.1", "--cacert", certificate.file() + "", caller.url(call));

    awaitSameAsLog(path, TIMES);
    assertThat(sonde.traces(trace -> trace.serverPort() == caller.port()))
        .filteredOn(trace -> trace.kind().equals("SERVER"))
        .singleElement()
        .returns("/call", Trace::path);
  }

  /** nginx says from which port it was asked, and so must Sonde. */
  @ParameterizedTest
  @EnumSource(names = {"NODE", "PYTHON", "PUMA", "GO", "GO_STATIC_PIE"})
  void onTheirOwnConnectionAmongMany(TlsServer kind) {
    String path = "/asked/at/once/by/" + kind + "/";
    String each = path + "[1-" + CONNECTIONS + "]";
    String call = CALLERS.get(kind).url("/call?times=" + TIMES + "&url=" + callee.url(each));
    Http.curl(
        folder,
        "--parallel",
        "--http1.1",
        "--cacert",
        certificate.file() + "",
        "--no-progress-meter",
        call);

    awaitSameAsLog(path, CONNECTIONS * TIMES);
    assertThat(
            sonde
                .traces(trace -> trace.kind().equals("CLIENT") && trace.path().startsWith(path))
                .stream()
                .map(trace -> trace.path() + " " + trace.clientPort()))
        .containsExactlyInAnyOrderElementsOf(
            callee
                .log()
                .lines()
                .map(line -> line.split(" "))
                .filter(words -> words[2].startsWith(path))
                .map(words -> words[2] + " " + words[5])
                .toList());
  }

  @Test
  void byAProxyThatKeepsItsConnections() {
    for (int i = 0; i < TIMES; i++) {
      Http.curl(folder, proxy.url("/secured/called/by/nginx"));
    }

    awaitSameAsLog("/called/by/nginx", TIMES);
  }

  @Test
  void byCurlWhichLivesForOneCall() {
    for (int i = 0; i < TIMES; i++) {
      Http.curl(folder, "--cacert", certificate.file() + "", callee.url("/called/by/curl"));
    }
    String again = callee.url("/called/by/curl-again/[1-" + TIMES + "]");
    Http.curl(folder, "--cacert", certificate.file() + "", again); // on one connection

    awaitSameAsLog("/called/by/curl", 2 * TIMES);
  }

  /** By GnuTLS. */
  @Test
  void byWgetWhichLivesForOneCall() {
    String trust = "--ca-certificate=" + certificate.file();
    for (int i = 0; i < TIMES; i++) {
      Program.run(folder, "wget", "-q", "-O", "/dev/null", trust, callee.url("/large?by=wget"));
    }

    awaitSameAsLog("/large", TIMES);
  }

  @Test
  void withTheSchemeAndThePortInTheirUrl() {
    String url = callee.url("/called/to/export?as=span");
    Http.curl(folder, "--cacert", certificate.file() + "", url);

    await("the span")
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(collector.spans())
                    .filteredOn(span -> url.equals(span.attributes().get("url.full")))
                    .singleElement()
                    .satisfies(
                        span -> {
                          assertThat(span.kind()).isEqualTo(OtlpSpan.CLIENT);
                          assertThat(span.attributes())
                              .containsEntry("server.port", callee.port() + "");
                        }));
  }

  private static void awaitSameAsLog(String path, int calls) {
    List<AccessLine> logged =
        callee.accessLog().stream().filter(line -> line.path().startsWith(path)).toList();
    assertThat(logged).hasSize(calls);
    await("calls of " + path)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(() -> assertThat(calls(path)).containsExactlyInAnyOrderElementsOf(logged));
  }

  private static List<AccessLine> calls(String path) {
    return sonde
        .traces(
            trace ->
                trace.kind().equals("CLIENT")
                    && trace.serverPort() == callee.port()
                    && trace.path().startsWith(path))
        .stream()
        .map(Trace::asAccessLine)
        .toList();
  }
}
