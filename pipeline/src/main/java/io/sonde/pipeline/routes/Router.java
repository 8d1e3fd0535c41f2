package io.sonde.pipeline.routes;

import io.sonde.pipeline.exchange.Exchange;
import io.sonde.pipeline.exchange.ExchangeSink;
import io.sonde.pipeline.exchange.HttpExchange;
import io.sonde.pipeline.exchange.RequestKey;
import io.sonde.pipeline.exchange.RpcExchange;
import io.sonde.pipeline.identity.RouteSettings;
import io.sonde.pipeline.identity.RouteSettings.Unmatched;
import io.sonde.pipeline.identity.Service;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Gives each exchange its route, and finds out whether it is to be told at all. Fed by one thread;
 * what it learned can be read by others.
 */
public final class Router implements ExchangeSink {
  /** Of all paths that no pattern matches, where they are to have one; and beyond the budget. */
  public static final String ANY = "/**";

  /** Objects, of which there is one for each process; beyond, they are looked up anew. */
  private static final int MAX_BOUND = 4_096;

  private record Bound(RouteRules rules, ServiceRoutes found) {}

  private final RouteSettings settings;
  private final RoutesByService services;
  private final ExchangeSink next;
  private final FrameworkRoutes frameworkRoutes = new FrameworkRoutes();
  private final Map<RouteSettings, RouteRules> rules = new HashMap<>();
  private final Map<Service, Bound> bound = new IdentityHashMap<>();
  private final Function<HttpExchange, Exchange> routeHttp = this::routed;
  private final Function<RpcExchange, Exchange> nameRpc = this::named;

  /**
   * @param settings of services that have none of their own
   */
  public Router(RouteSettings settings, RoutesByService services, ExchangeSink next) {
    this.settings = settings;
    this.services = services;
    this.next = next;
  }

  @Override
  public void accept(Exchange exchange) {
    next.accept(exchange.match(routeHttp, nameRpc));
  }

  private Exchange routed(HttpExchange http) {
    // CONNECT and OPTIONS * have no path; of one that was cut nothing is certain.
    if (http.pathCut() || !http.path().startsWith("/")) {
      return http.routed(http.route(), SpanNames.withoutRoute(http), Set.of());
    }
    Bound of = bound(http.service());
    String route = route(of, http);
    String name = of.found.spanName(http, route);
    return http.routed(route, name, of.rules.ignoredFor(http.path()));
  }

  /** The method is the route, but whoever calls may invent methods. */
  private Exchange named(RpcExchange rpc) {
    if (rpc.method() == null) {
      return rpc.named(rpc.system(), Set.of());
    }
    Bound of = bound(rpc.service());
    String name = of.found.hasRoomFor(rpc) ? rpc.method() : rpc.system();
    return rpc.named(name, of.rules.ignoredFor("/" + rpc.method()));
  }

  @Override
  public void unreported(RequestKey request) {
    next.unreported(request);
  }

  @Override
  public void timePasses() {
    next.timePasses();
  }

  private String route(Bound of, HttpExchange http) {
    String pattern = of.rules.pattern(http.role(), http.path());
    if (pattern != null) {
      return pattern;
    }
    String frameworks = http.threads() == null ? null : frameworks(http);
    if (frameworks != null) {
      return of.found.admit(http.role(), frameworks);
    }
    Unmatched unmatched = of.rules.settings().unmatched();
    if (unmatched == Unmatched.UNSET) {
      return null;
    }
    if (unmatched == Unmatched.WILDCARD) {
      return ANY;
    }
    boolean answered = http.statusCode() > 0 && http.statusCode() / 100 != 4;
    return of.found.find(of.rules.settings(), http.role(), http.path(), answered);
  }

  private String frameworks(HttpExchange http) {
    return frameworkRoutes.find(http.threads().routes(), http.path());
  }

  private Bound bound(Service service) {
    Bound known = bound.get(service);
    if (known != null) {
      return known;
    }
    if (bound.size() == MAX_BOUND) {
      bound.clear(); // of the processes that still live, each comes back with its next request
    }
    RouteSettings its = service.overrides().routes().map(settings::with).orElse(settings);
    Bound made =
        new Bound(
            rules.computeIfAbsent(its, RouteRules::new),
            services.of(service.namespace(), service.name()));
    bound.put(service, made);
    return made;
  }
}
