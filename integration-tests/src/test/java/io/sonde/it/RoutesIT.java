package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Routes of a web framework's requests")
class RoutesIT {
  private static final String NO_ROUTE = "";
  private static final String UUID = "3fa85f64-5717-4562-b3fc-2c963f66afa6";

  /** More than may be different at one place of the paths. */
  private static final List<String> PRODUCTS =
      List.of(
          "apple", "banana", "carrot", "garlic", "lemon", "lettuce", "melon", "onion", "orange",
          "pepper", "potato", "spinach", "tomato");

  /** The frameworks of some languages are not asked. */
  private static final String FROM_PATHS = "discovery.disabled_route_harvesters = [go]";

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void areThePatternsThatWereConfigured(Framework framework) {
    String routes =
        """
        routes {
          patterns = ["/api/users/{id}", "/api/users/:id/orders/:order", "/api/users/me", "/files/*"]
          unmatched = unset
          ignored_patterns = ["/healthz"]
        }
        discovery.disabled_route_harvesters = [go]
        """;
    try (WebServer server = WebServer.start(framework, folder);
        Sonde sonde = Sonde.configured(folder, open(server), routes)) {
      ask(server, "/api/users/1", "/api/users/2?q=/x", "/api/users/me", "/api/users/" + UUID);
      ask(server, "/api/users/1/orders/77", "/files/a/b/c.txt", "/files/d%20e", "/products/shoe");
      ask(server, "/healthz", "/healthz", "/healthz");
      Http.curl(folder, "-X", "DELETE", server.url("/api/users/3"));

      List<Trace> traces = sonde.awaitTraces(9, trace -> true);

      assertThat(traces).extracting(Trace::path).doesNotContain("/healthz");
      assertThat(traces)
          .extracting(Trace::path, Trace::route)
          .contains(
              tuple("/api/users/me", "/api/users/me"),
              tuple("/api/users/" + UUID, "/api/users/{id}"),
              tuple("/api/users/3", "/api/users/{id}"),
              tuple("/files/d%20e", "/files/*"),
              tuple("/products/shoe", NO_ROUTE));
      awaitCounts(
          sonde,
          Map.of(
              "/api/users/{id}",
              4L,
              "/api/users/:id/orders/:order",
              1L,
              "/api/users/me",
              1L,
              "/files/*",
              2L,
              NO_ROUTE,
              1L));
      awaitUntold(sonde, 3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void areGuessedFromTheWordsOfThePath(Framework framework) {
    try (WebServer server = WebServer.start(framework, folder);
        Sonde sonde =
            Sonde.configured(folder, open(server), "routes.unmatched = heuristic\n" + FROM_PATHS)) {
      ask(server, "/", "/healthz", "/api/users/1", "/api/users/2", "/api/users/" + UUID);
      ask(server, "/api/users/me", "/api/users/7/orders/0123abcd", "/files/reports/2024-01-31");
      for (String product : PRODUCTS) {
        ask(server, "/products/" + product);
      }

      sonde.awaitTraces(8 + PRODUCTS.size(), trace -> true);

      Map<String, Long> expected = new TreeMap<>();
      PRODUCTS.forEach(product -> expected.put("/products/" + product, 1L));
      expected.putAll(
          Map.of(
              "/", 1L,
              "/healthz", 1L,
              "/api/users/*", 3L,
              "/api/users/me", 1L,
              "/api/users/*/orders/*", 1L,
              "/files/reports/*", 1L));
      awaitCounts(sonde, expected);
    }
  }

  @ParameterizedTest
  @EnumSource
  void areLearnedAndKnownAfterARestart(Framework framework) throws IOException {
    String keep = "routes.state_directory = \"" + stateDirectory() + "\"\n" + FROM_PATHS;
    try (WebServer server = WebServer.start(framework, folder)) {
      try (Sonde sonde = Sonde.configured(folder, open(server), keep)) {
        for (String product : PRODUCTS) {
          ask(server, "/products/" + product);
        }
        ask(server, "/api/users/7", "/healthz");
        List<Trace> traces = sonde.awaitTraces(PRODUCTS.size() + 2, trace -> true);

        assertThat(traces).extracting(Trace::route).contains("/api/users/*", "/healthz");
        Map<String, Long> counts = counts(sonde);
        assertThat(counts.keySet()).contains("/products/*");
        assertThat(counts).as("ten, then the wildcard for all").hasSize(10 + 1 + 2);
        assertThat(counts.values().stream().mapToLong(Long::longValue).sum())
            .as("each counted once")
            .isEqualTo(PRODUCTS.size() + 2);
      }
      try (Sonde sonde = Sonde.configured(folder, open(server), keep)) {
        ask(server, "/products/apple", "/products/zucchini", "/nowhere/zucchini");

        sonde.awaitTraces(3, trace -> true);

        awaitCounts(sonde, Map.of("/products/*", 2L, "/nowhere/zucchini", 1L));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GIN, /api/users/:id, /api/users/:id/orders/:order, /files/*path",
    "GORILLA_MUX, /api/users/{id}, /api/users/{id}/orders/{order}, /files/{path}"
  })
  void areTheOnesThatAGoFrameworkMatched(
      Framework framework, String user, String order, String files) {
    try (WebServer server = WebServer.start(framework, folder);
        Sonde sonde = Sonde.observingPorts(folder, server.port())) {
      ask(server, "/", "/api/users/1", "/api/users/me?x=/y", "/api/users/" + UUID);
      ask(server, "/api/users/1/orders/77", "/files/a/b/c.txt");

      sonde.awaitTraces(6, trace -> true);

      awaitCounts(sonde, Map.of("/", 1L, user, 3L, order, 1L, files, 1L));
    }
  }

  /** Over HTTP/1 and HTTP/2; what no pattern matches is guessed. */
  @ParameterizedTest
  @ValueSource(strings = {"--http1.1", "--http2-prior-knowledge"})
  void areThePatternsOfGosOwnMux(String protocol) {
    String address = "127.0.0.1:" + Ports.free();
    String executable = Framework.installed("../servers/servemux").resolve("servemux").toString();
    try (Program mux = Program.start("servemux", folder, List.of(executable, address))) {
      mux.awaitLine("listening on");
      int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
      try (Sonde sonde =
          Sonde.configured(
              folder, Map.of("BEYLA_OPEN_PORT", "" + port), "routes.unmatched = wildcard")) {
        for (String path :
            List.of(
                "/",
                "/api/users/1",
                "/api/users/a%2Fb",
                "/api/users/7/orders/8",
                "/files/a/b/c.txt",
                "/static/css/main.css",
                "/nowhere/at/all")) {
          Http.curl(folder, protocol, "http://" + address + path);
        }
        Http.curl(folder, protocol, "-X", "DELETE", "http://" + address + "/api/users/2");

        sonde.awaitTraces(8, trace -> true);

        awaitCounts(
            sonde,
            Map.of(
                "/", 1L,
                "/api/users/{id}", 3L,
                "/api/users/{id}/orders/{order}", 1L,
                "/files/{path...}", 1L,
                "/static/", 1L,
                "/**", 1L));
      }
    }
  }

  @Test
  void areOtherwiseForTheServicesOfOneDiscoveryRule() {
    try (WebServer shop = WebServer.start(Framework.EXPRESS, folder);
        WebServer other = WebServer.start(Framework.GIN, folder);
        Sonde sonde =
            Sonde.configured(
                folder,
                Map.of(),
                """
                discovery.instrument = [
                  { open_ports = "%d", name = shop, routes { incoming = ["/api/users/:user"] } }
                  { open_ports = "%d", name = other, routes { unmatched = wildcard } }
                ]
                routes.unmatched = path
                discovery.disabled_route_harvesters = [go]
                """
                    .formatted(shop.port(), other.port()))) {
      ask(shop, "/api/users/1", "/products/shoe");
      ask(other, "/api/users/1", "/products/shoe");

      assertThat(sonde.awaitTraces(4, trace -> true))
          .extracting(Trace::service, Trace::path, Trace::route)
          .containsExactlyInAnyOrder(
              tuple("shop", "/api/users/1", "/api/users/:user"),
              tuple("shop", "/products/shoe", "/products/shoe"),
              tuple("other", "/api/users/1", "/**"),
              tuple("other", "/products/shoe", "/**"));
    }
  }

  @Test
  void areNoMoreThanTheBudgetAndWhatIsFoldedIsToldAndCounted() {
    String budget =
        """
        routes.unmatched = path
        discovery.disabled_route_harvesters = [go]
        limits { routes_per_service = 5, span_names_per_service = 3, series_per_service = 4 }
        """;
    try (WebServer server = WebServer.start(Framework.GIN, folder);
        Sonde sonde = Sonde.configured(folder, open(server), budget)) {
      PRODUCTS.forEach(product -> ask(server, "/products/" + product));

      List<Trace> traces = sonde.awaitTraces(PRODUCTS.size(), trace -> true);

      assertThat(traces.stream().filter(trace -> trace.route().equals("/**")))
          .hasSize(PRODUCTS.size() - 5);
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () -> {
                Samples samples = sonde.metrics();
                String count = "http_server_request_duration_seconds_count";
                assertThat(samples.sum(count)).isEqualTo(PRODUCTS.size());
                assertThat(samples.named(count)).hasSize(5);
                assertThat(samples.sum(count, "otel_metric_overflow", "true"))
                    .isEqualTo(PRODUCTS.size() - 4);
                assertThat(samples.sum("sonde_folded_total", "kind", "routes"))
                    .isEqualTo(PRODUCTS.size() - 5);
                assertThat(samples.sum("sonde_folded_total", "kind", "span_names"))
                    .isEqualTo(PRODUCTS.size() - 3);
                assertThat(samples.sum("sonde_folded_total", "kind", "series"))
                    .isEqualTo(PRODUCTS.size() - 4);
              });
      assertThat(sonde.program().errors()).contains("service gin has more than");
    }
  }

  private void ask(WebServer server, String... paths) {
    Http.curl(folder, Stream.of(paths).map(server::url).toArray(String[]::new));
  }

  private static Map<String, String> open(WebServer server) {
    return Map.of("BEYLA_OPEN_PORT", Integer.toString(server.port()));
  }

  /** Of the user that the receiving half runs as. */
  private Path stateDirectory() throws IOException {
    Path directory = Files.createDirectories(folder.resolve("state"));
    Program.run(folder, "chown", Sonde.receiverUser(), directory.toString());
    return directory;
  }

  /** Requests by route, of all instances and statuses. */
  private static Map<String, Long> counts(Sonde sonde) {
    try {
      Map<String, Long> counts = new TreeMap<>();
      List<Samples.Sample> samples =
          new ArrayList<>(sonde.metrics().named("http_server_request_duration_seconds_count"));
      samples.forEach(
          sample ->
              counts.merge(
                  sample.labels().getOrDefault("http_route", NO_ROUTE),
                  (long) sample.value(),
                  Long::sum));
      return counts;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void awaitCounts(Sonde sonde, Map<String, Long> expected) {
    await("each request in the series of its route")
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> assertThat(counts(sonde)).containsExactlyInAnyOrderEntriesOf(expected));
  }

  private static void awaitUntold(Sonde sonde, int each) {
    await("ignored requests to be counted")
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              Samples samples = sonde.metrics();
              String untold = "sonde_exchanges_untold_total";
              assertThat(samples.sum(untold, "signal", "metrics")).isEqualTo(each);
              assertThat(samples.sum(untold, "signal", "traces")).isEqualTo(each);
            });
  }
}
