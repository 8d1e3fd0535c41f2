package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Many requests at a time, each of which makes its server call another one. The call's path carries
 * the id of the request it was made for, so the truth is known of every parent that Sonde tells.
 */
@DisplayName("Calls to other servers")
class LinksIT {
  private static final int REQUESTS = 61;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String CURLS_SPAN = "b7ad6b7169203331";

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(names = {"PYTHON", "JAVA"})
  void areChildrenOfTheRequestWhereAThreadServesOneAtATime(WebServer.Kind kind) {
    try (WebServer server = WebServer.start(kind, folder)) {
      assertThat(linked(server)).isEqualTo(REQUESTS);
    }
  }

  @Test
  void areChildrenOfTheRequestUnderGunicorn() {
    try (WebServer server = WebServer.start(Framework.FLASK, folder)) {
      assertThat(linked(server)).isEqualTo(REQUESTS);
    }
  }

  @Test
  void areChildrenOfTheRequestWhereAProcessServesOneAtATime() {
    try (WebServer server = WebServer.singleThreadedPython(folder)) {
      assertThat(linked(server, this::askOverOneConnection)).isEqualTo(REQUESTS);
    }
  }

  @Test
  void areChildrenOfTheRequestThatTheirGoroutineServes() {
    try (WebServer server = WebServer.start(WebServer.Kind.GO, folder)) {
      assertThat(linked(server)).isEqualTo(REQUESTS);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NODE", "JETTY", "PUMA"})
  void haveNoParentWhereAThreadMayServeSeveral(WebServer.Kind kind) {
    try (WebServer server = WebServer.start(kind, folder)) {
      assertThat(linked(server)).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FASTAPI", "EXPRESS"})
  void haveNoParentInAnEventLoop(Framework framework) {
    try (WebServer server = WebServer.start(framework, folder)) {
      assertThat(linked(server)).isZero();
    }
  }

  @Test
  void thatAnEventLoopMakesForNobodyHaveNoParent() {
    assertThat(linkedBesidePolling("/usr/bin/python3", "polling_asyncio.py")).isZero();
  }

  @Test
  void thatNodeMakesForNobodyHaveNoParent() {
    assertThat(linkedBesidePolling("node", "polling.js")).isZero();
  }

  @Test
  void thatAThreadMakesForNobodyHaveNoParentAndTheOthersHave() {
    assertThat(linkedBesidePolling("/usr/bin/python3", "polling_threads.py")).isEqualTo(REQUESTS);
  }

  /** Whatever passes the header on, everyone's parent is curl, and no two spans have one id. */
  @Test
  void thatPassATraceparentOnKeepItsTrace() {
    try (WebServer upstream = WebServer.start(WebServer.Kind.PYTHON, folder);
        WebServer proxy = WebServer.nginxBefore(upstream, folder);
        Sonde sonde = Sonde.observingPorts(folder, proxy.port(), upstream.port())) {
      String header = "traceparent: 00-" + TRACE + "-" + CURLS_SPAN + "-0";
      Http.curl(folder, "-H", header + "1", proxy.url("/other/"));
      Http.curl(folder, "-H", header + "0", proxy.url("/other/"));

      List<SpanLine> spans = spans(sonde, 6, span -> true);

      assertThat(spans).allMatch(span -> span.traceId().equals(TRACE));
      assertThat(spans).allMatch(span -> span.parentId().equals(CURLS_SPAN));
      assertThat(spans).extracting(SpanLine::spanId).doesNotHaveDuplicates();
      assertThat(spans).extracting(SpanLine::spanId).doesNotContain(CURLS_SPAN);
      assertThat(spans).filteredOn(span -> span.flags().equals("1")).hasSize(3);
      assertThat(spans).filteredOn(span -> span.flags().equals("0")).hasSize(3);
    }
  }

  /** How many of the calls that were made for a request have it for a parent; no other is right. */
  private int linked(WebServer server) {
    return linked(server, LinksIT::ask);
  }

  private int linked(WebServer server, Consumer<IntFunction<String>> ask) {
    try (Callee callee = new Callee();
        Sonde sonde =
            Sonde.configured(
                folder,
                Map.of("BEYLA_OPEN_PORT", Integer.toString(server.port())),
                "discovery.default_exclude_instrument = []")) { // the Java servers are Sonde's own
      ask.accept(id -> server.url("/call?url=" + encoded(callee.url("/for/" + id + "x"))));
      List<SpanLine> spans = spans(sonde, 2 * REQUESTS, span -> true);
      Map<String, SpanLine> requests =
          spans.stream()
              .filter(span -> !span.isCall())
              .collect(
                  Collectors.toMap(
                      span -> "/for/" + span.query().replaceAll(".*for%2F(\\d+x)", "$1"),
                      Function.identity()));
      return linkedRightly(spans, requests, sonde);
    }
  }

  private int linkedBesidePolling(String program, String script) {
    int port = Ports.free();
    try (Callee callee = new Callee();
        Program server =
            Program.start(
                "polling",
                folder,
                List.of(
                    program,
                    Paths.resource(script).toString(),
                    Integer.toString(port),
                    Integer.toString(callee.port())))) {
      server.awaitLine("listening on");
      try (Sonde sonde = Sonde.observingPorts(folder, port)) {
        ask(id -> "http://127.0.0.1:" + port + "/call/" + id + "x");
        List<SpanLine> spans =
            spans(sonde, 2 * REQUESTS, span -> !span.path().startsWith("/alone/"));
        Map<String, SpanLine> requests =
            spans.stream()
                .filter(span -> !span.isCall())
                .collect(
                    Collectors.toMap(
                        span -> span.path().replace("/call/", "/for/"), Function.identity()));
        List<SpanLine> alone =
            SpanLine.of(sonde).stream().filter(span -> span.path().startsWith("/alone/")).toList();
        assertThat(alone).isNotEmpty().allMatch(SpanLine::isRoot);
        return linkedRightly(spans, requests, sonde);
      }
    }
  }

  private static int linkedRightly(
      List<SpanLine> spans, Map<String, SpanLine> requests, Sonde sonde) {
    assertThat(requests).hasSize(REQUESTS);
    List<SpanLine> linked =
        spans.stream().filter(SpanLine::isCall).filter(call -> !call.isRoot()).toList();
    assertThat(linked)
        .allSatisfy(
            call -> {
              SpanLine truth = requests.get(call.path());
              assertThat(call.parentId()).isEqualTo(truth.spanId());
              assertThat(call.traceId()).isEqualTo(truth.traceId());
              assertThat(spans.indexOf(truth)).isLessThan(spans.indexOf(call));
            });
    assertCountedAs(linked.size(), sonde);
    return linked.size();
  }

  private static void assertCountedAs(int linked, Sonde sonde) {
    await("the number of links")
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(IOException.class)
        .untilAsserted(
            () ->
                assertThat(sonde.metrics().sum("sonde_links_total", "result", "linked"))
                    .isEqualTo(linked));
  }

  /** All at once, over as many connections as the client thinks right. */
  private static void ask(IntFunction<String> url) {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    List<CompletableFuture<HttpResponse<Void>>> answers = new ArrayList<>();
    for (int id = 0; id < REQUESTS; id++) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(url.apply(id))).timeout(PATIENCE).build();
      answers.add(client.sendAsync(request, HttpResponse.BodyHandlers.discarding()));
    }
    assertThat(answers).allMatch(answer -> answer.join().statusCode() == 200);
  }

  private void askOverOneConnection(IntFunction<String> url) {
    Http.curl(folder, IntStream.range(0, REQUESTS).mapToObj(url).toArray(String[]::new));
  }

  private static List<SpanLine> spans(Sonde sonde, int count, Predicate<SpanLine> which) {
    await(count + " spans")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(() -> assertThat(SpanLine.of(sonde).stream().filter(which)).hasSize(count));
    return SpanLine.of(sonde).stream().filter(which).toList();
  }

  private static String encoded(String url) {
    return URLEncoder.encode(url, StandardCharsets.UTF_8);
  }
}
