package io.sonde.pipeline.routes;

import static io.sonde.pipeline.exchange.HttpExchanges.exchange;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.sonde.pipeline.accounting.SelfMetric;
import io.sonde.pipeline.accounting.SelfMetrics;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.HttpExchange;
import io.sonde.pipeline.exchange.HttpExchanges;
import io.sonde.pipeline.exchange.ThreadEvidence;
import io.sonde.pipeline.exchange.ThreadEvidence.Finding;
import io.sonde.pipeline.identity.RouteOverrides;
import io.sonde.pipeline.identity.RouteSettings;
import io.sonde.pipeline.identity.RouteSettings.IgnoreMode;
import io.sonde.pipeline.identity.RouteSettings.Unmatched;
import io.sonde.pipeline.identity.ServiceOverrides;
import io.sonde.pipeline.identity.ServiceOverrides.Export;
import java.lang.management.ManagementFactory;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RouterTest {
  private static final int MAX_ROUTES = 40;
  private static final int MAX_SPAN_NAMES = 60;

  private final SelfMetrics self = new SelfMetrics();
  private final AtomicReference<HttpExchange> last = new AtomicReference<>();

  @Test
  void whatNoPatternMatchesIsUpToTheSetting() {
    assertThat(route(Unmatched.UNSET, "/users/42")).isNull();
    assertThat(route(Unmatched.PATH, "/users/42")).isEqualTo("/users/42");
    assertThat(route(Unmatched.WILDCARD, "/users/42")).isEqualTo("/**");
    assertThat(route(Unmatched.HEURISTIC, "/users/42")).isEqualTo("/users/*");
    assertThat(route(Unmatched.LOW_CARDINALITY, "/users/42")).isEqualTo("/users/*");
  }

  @ParameterizedTest
  @EnumSource
  void aPatternGoesBeforeAllOfThem(Unmatched unmatched) {
    RouteSettings settings = settings(unmatched, List.of("/users/{id}"), List.of(), IgnoreMode.ALL);

    assertThat(through(router(settings), exchange().target("/users/42", null)).route())
        .isEqualTo("/users/{id}");
  }

  @ParameterizedTest
  @EnumSource
  void theFrameworksRouteGoesBeforeAllOfThemWhereItMatches(Unmatched unmatched) {
    Router router = router(settings(unmatched, List.of(), List.of(), IgnoreMode.ALL));

    assertThat(routed(router, "/users/42", "GET /users/{id}").route()).isEqualTo("/users/{id}");
    assertThat(routed(router, "/users/42", "GET /users/{id}").spanName())
        .isEqualTo("GET /users/{id}");
    assertThat(routed(router, "/users/42", "/users/", "/users/{id}", "/orders/{id}").route())
        .isEqualTo("/users/{id}");
    assertThat(routed(router, "/users/42", "/orders/{id}").route())
        .isNotEqualTo("/orders/{id}")
        .isEqualTo(route(unmatched, "/users/42"));
  }

  @Test
  void aPatternGoesBeforeTheFrameworksRoute() {
    RouteSettings settings =
        settings(Unmatched.HEURISTIC, List.of("/users/*"), List.of(), IgnoreMode.ALL);

    assertThat(routed(router(settings), "/users/42", "/users/{id}").route()).isEqualTo("/users/*");
  }

  @Test
  void routesOfFrameworksHaveABudgetToo() {
    Router router = router(settings(Unmatched.HEURISTIC, List.of(), List.of(), IgnoreMode.ALL));

    for (int i = 0; i < MAX_ROUTES; i++) {
      assertThat(routed(router, "/r" + i + "/7", "/r" + i + "/{id}").route())
          .isEqualTo("/r" + i + "/{id}");
    }
    assertThat(routed(router, "/new/7", "/new/{id}").route()).isEqualTo(Router.ANY);
    assertThat(routed(router, "/r3/7", "/r3/{id}").route()).isEqualTo("/r3/{id}");
  }

  private HttpExchange routed(Router router, String path, String... frameworks) {
    ThreadEvidence told = new ThreadEvidence(null, Finding.CERTAIN, 0, List.of(frameworks));
    return through(router, exchange().target(path, null).threads(told));
  }

  @ParameterizedTest
  @EnumSource
  void aPathThatWasCutHasNoRouteAndIsNotIgnored(Unmatched unmatched) {
    RouteSettings settings =
        settings(unmatched, List.of("/users/*"), List.of("/users/*"), IgnoreMode.ALL);
    HttpExchange cut = through(router(settings), exchange().target("/users/42", null).pathCut());

    assertThat(cut.route()).isNull();
    assertThat(cut.spanName()).isEqualTo("GET");
    assertThat(cut.ignoredFor()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void targetsThatAreNoPathsHaveNoRoute(Unmatched unmatched) {
    assertThat(route(unmatched, "*")).isNull();
    assertThat(route(unmatched, "")).isNull();
  }

  @Test
  void theSpanIsNamedByMethodAndRoute() {
    Router router = router(settings(Unmatched.HEURISTIC, List.of(), List.of(), IgnoreMode.ALL));

    assertThat(through(router, exchange().target("/users/42", null)).spanName())
        .isEqualTo("GET /users/*");
    assertThat(through(router, exchange().method("BREW").target("/users/42", null)).spanName())
        .isEqualTo("HTTP /users/*");
  }

  @Test
  void ignoredPathsAreMarkedForTheSignalsOfTheMode() {
    List<String> ignored = List.of("/health/*");
    for (IgnoreMode mode : IgnoreMode.values()) {
      Router router = router(settings(Unmatched.HEURISTIC, List.of(), ignored, mode));
      Set<Export> expected =
          switch (mode) {
            case ALL -> Set.of(Export.METRICS, Export.TRACES);
            case METRICS -> Set.of(Export.METRICS);
            case TRACES -> Set.of(Export.TRACES);
          };
      assertThat(through(router, exchange().target("/health/live", null)).ignoredFor())
          .isEqualTo(expected);
      assertThat(through(router, exchange().target("/healthy", null)).ignoredFor()).isEmpty();
    }
  }

  @Test
  void aServiceMayHaveSettingsOfItsOwn() {
    RouteOverrides own =
        new RouteOverrides(
            List.of("/in/:id"),
            List.of("/out/:id"),
            Optional.of(List.of("/quiet")),
            Optional.of(IgnoreMode.TRACES),
            Optional.of(Unmatched.WILDCARD),
            Optional.empty(),
            Optional.empty());
    ServiceOverrides overrides =
        new ServiceOverrides(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(own),
            Optional.empty());
    Router router =
        router(
            settings(
                Unmatched.UNSET, List.of("/in/{all}", "/all/*"), List.of("/all"), IgnoreMode.ALL));
    HttpExchanges shop = exchange().by(HttpExchanges.service("shop", 1, overrides));

    assertThat(through(router, shop.target("/in/1", null)).route()).isEqualTo("/in/:id");
    assertThat(through(router, shop.target("/out/1", null)).route()).isEqualTo("/**");
    assertThat(through(router, shop.target("/all/1", null)).route()).isEqualTo("/all/*");
    assertThat(through(router, shop.target("/all", null)).ignoredFor()).isEmpty();
    assertThat(through(router, shop.target("/quiet", null)).ignoredFor())
        .containsExactly(Export.TRACES);
    assertThat(through(router, shop.role(Role.CLIENT).target("/out/1", null)).route())
        .isEqualTo("/out/:id");
    HttpExchanges other = exchange().by(HttpExchanges.service("other", 2));
    assertThat(through(router, other.target("/in/1", null)).route()).isEqualTo("/in/{all}");
    assertThat(through(router, other.target("/x", null)).route()).isNull();
  }

  @Test
  void instancesOfAServiceLearnTogetherAndServicesApart() {
    Router router = router(RouteSettings.DEFAULT);
    String[] names = "anna berta carla dora emma flora greta hanna ida julia karla".split(" ");
    for (int i = 0; i < names.length; i++) {
      HttpExchanges instance = exchange().by(HttpExchanges.service("shop", i + 1));
      through(router, instance.target("/users/" + names[i], null));
    }
    assertThat(last.get().route()).as("the eleventh").isEqualTo("/users/*");
    HttpExchanges other = exchange().by(HttpExchanges.service("other", 99));
    assertThat(through(router, other.target("/users/anna", null)).route()).isEqualTo("/users/anna");
  }

  @Test
  void whatIsAnsweredWith4xxTeachesNothingAndTakesAtMostAQuarterOfTheRoutes() {
    Router router = router(RouteSettings.DEFAULT);
    Set<String> routes = new HashSet<>();
    Random random = new Random(2);
    for (int i = 0; i < 5_000; i++) {
      HttpExchanges scan = exchange().target("/" + word(random) + "/" + word(random), null);
      routes.add(through(router, scan.status(404, null)).route());
    }
    assertThat(routes).hasSize(MAX_ROUTES / 4 + 1).contains(Router.ANY);
    assertThat(folded("routes_4xx")).isPositive();
    assertThat(folded("routes")).isZero();
    assertThat(through(router, exchange().target("/shop/cart", null)).route())
        .isEqualTo("/shop/cart");
    assertThat(through(router, exchange().target("/shop/cart", null).status(404, null)).route())
        .as("known meanwhile")
        .isEqualTo("/shop/cart");
  }

  @ParameterizedTest
  @EnumSource
  void whateverIsAskedThereAreNoMoreRoutesAndSpanNamesThanAllowed(Unmatched unmatched) {
    List<String> patterns = List.of("/pattern/{id}", "/other/*");
    Router router = router(settings(unmatched, patterns, List.of(), IgnoreMode.ALL));
    String[] methods = {"GET", "POST", "DELETE", "BREW", "SNARF"};
    Set<String> routes = new HashSet<>();
    Set<String> names = new HashSet<>();
    Random random = new Random(unmatched.ordinal());
    long anyway = 0;
    for (int i = 0; i < 30_000; i++) {
      HttpExchanges any = exchange().target(randomPath(random), null);
      any.method(methods[random.nextInt(methods.length)]);
      HttpExchange told = through(router, any.status(200 + random.nextInt(4) * 100, null));
      routes.add(told.route());
      names.add(told.spanName());
      anyway += told.route() != null && !told.spanName().contains("/") ? 1 : 0;
    }
    patterns.forEach(routes::remove);
    routes.remove(Router.ANY);
    routes.remove(null);
    names.removeIf(name -> !name.contains("/")); // the methods themselves
    assertThat(routes).hasSizeLessThanOrEqualTo(MAX_ROUTES);
    assertThat(names).hasSizeLessThanOrEqualTo(MAX_SPAN_NAMES);
    assertThat(folded("span_names")).isEqualTo(anyway);
  }

  @Test
  void aKnownPathMakesNoGarbageButTheExchange() {
    Router router = router(RouteSettings.DEFAULT);
    HttpExchange sample = exchange().target("/api/users/42/orders/7", null).build();
    for (int i = 0; i < 50_000; i++) {
      router.accept(sample);
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().getId();
    int rounds = 10_000;
    long before = threads.getThreadAllocatedBytes(self);
    for (int i = 0; i < rounds; i++) {
      router.accept(sample);
    }
    long each = (threads.getThreadAllocatedBytes(self) - before) / rounds;
    assertThat(each).as("bytes for each, of which its copy has some 120").isLessThan(160);
  }

  private static String word(Random random) {
    String[] syllables = {"ban", "cor", "del", "fin", "gar", "hel", "lam", "mon", "per", "tor"};
    return syllables[random.nextInt(10)] + syllables[random.nextInt(10)];
  }

  private static String randomPath(Random random) {
    StringBuilder path = new StringBuilder(random.nextInt(10) == 0 ? "/pattern" : "");
    for (int n = random.nextInt(5); n >= 0; n--) {
      path.append('/').append(random.nextInt(3) == 0 ? random.nextInt() : word(random));
    }
    return path.toString();
  }

  private double folded(String kind) {
    return self.collect().stream()
        .filter(metric -> metric.name().equals("sonde_folded"))
        .map(SelfMetric::points)
        .flatMap(points -> points.entrySet().stream())
        .filter(point -> point.getKey().get("kind").equals(kind))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  private String route(Unmatched unmatched, String path) {
    RouteSettings settings = settings(unmatched, List.of(), List.of(), IgnoreMode.ALL);
    return through(router(settings), exchange().target(path, null)).route();
  }

  private static RouteSettings settings(
      Unmatched unmatched, List<String> patterns, List<String> ignored, IgnoreMode mode) {
    return new RouteSettings(patterns, patterns, ignored, mode, unmatched, '*', 10);
  }

  private Router router(RouteSettings settings) {
    return new Router(
        settings,
        new RoutesByService(MAX_ROUTES, MAX_SPAN_NAMES, self.folding()),
        exchange -> last.set((HttpExchange) exchange));
  }

  private HttpExchange through(Router router, HttpExchanges exchange) {
    router.accept(exchange.build());
    return last.get();
  }
}
