package io.sonde.pipeline.routes;

import static io.sonde.pipeline.exchange.RpcExchanges.call;
import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.pipeline.accounting.SelfMetric;
import io.sonde.pipeline.accounting.SelfMetrics;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.GrpcStatus;
import io.sonde.pipeline.exchange.RpcExchange;
import io.sonde.pipeline.exchange.RpcExchanges;
import io.sonde.pipeline.identity.RouteSettings;
import io.sonde.pipeline.identity.RouteSettings.IgnoreMode;
import io.sonde.pipeline.identity.RouteSettings.Unmatched;
import io.sonde.pipeline.identity.ServiceOverrides.Export;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RpcRoutingTest {
  private static final int MAX_ROUTES = 8;

  private final SelfMetrics self = new SelfMetrics();
  private final AtomicReference<RpcExchange> last = new AtomicReference<>();
  private final Router router =
      new Router(
          new RouteSettings(
              List.of(),
              List.of(),
              List.of("/grpc.health.v1.Health/*"),
              IgnoreMode.METRICS,
              Unmatched.LOW_CARDINALITY,
              '*',
              10),
          new RoutesByService(MAX_ROUTES, 1000, self.folding()),
          exchange -> last.set((RpcExchange) exchange));

  private RpcExchange through(RpcExchanges one) {
    router.accept(one.build().named(null, Set.of()));
    return last.get();
  }

  @Test
  void aCallIsNamedByItsMethod() {
    RpcExchange named = through(call());
    assertThat(named.spanName()).isEqualTo("shop.Cart/Add");
    assertThat(named.methodLabel()).isEqualTo("shop.Cart/Add");
  }

  @Test
  void oneWhoseMethodIsNotKnownIsNamedByItsSystem() {
    RpcExchange named = through(call().method(null));
    assertThat(named.spanName()).isEqualTo("grpc");
    assertThat(named.methodLabel()).isEqualTo("unknown");
  }

  @Test
  void methodsAreIgnoredByPatternsOfTheirPaths() {
    assertThat(through(call().method("grpc.health.v1.Health/Check")).ignoredFor())
        .containsExactly(Export.METRICS);
    assertThat(through(call()).ignoredFor()).isEmpty();
  }

  @Test
  void moreMethodsThanTheServiceHasRoomForAreOne() {
    for (int i = 0; i < MAX_ROUTES; i++) {
      assertThat(through(call().method("a.B/M" + i)).methodLabel()).isEqualTo("a.B/M" + i);
    }
    RpcExchange folded = through(call().method("a.B/More"));
    assertThat(folded.spanName()).isEqualTo("grpc");
    assertThat(folded.methodLabel()).isEqualTo("_OTHER");
    assertThat(folded.method()).isEqualTo("a.B/More");
    assertThat(folded("rpc_methods")).isEqualTo(1);
    assertThat(through(call().method("a.B/M3")).methodLabel()).isEqualTo("a.B/M3");
    assertThat(through(call().role(Role.CLIENT).method("a.B/More")).methodLabel())
        .as("calls have a budget of their own")
        .isEqualTo("a.B/More");
  }

  @Test
  void methodsThatNoServerHasDoNotTakeThePlacesOfThoseThatItHas() {
    for (int i = 0; i < 100; i++) {
      through(call().method("guess/" + i).status(GrpcStatus.UNIMPLEMENTED));
    }
    assertThat(folded("rpc_methods_unimplemented")).isEqualTo(98);
    assertThat(through(call()).methodLabel()).isEqualTo("shop.Cart/Add");
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
}
