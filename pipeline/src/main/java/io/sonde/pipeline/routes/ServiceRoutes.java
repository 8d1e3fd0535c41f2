package io.sonde.pipeline.routes;

import io.sonde.pipeline.accounting.Folding;
import io.sonde.pipeline.accounting.Folding.Kind;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.HttpExchange;
import io.sonde.pipeline.exchange.RpcExchange;
import io.sonde.pipeline.identity.RouteSettings;
import java.util.List;

/**
 * The routes of all instances of one service that no pattern gives; calls made and calls served are
 * apart. Safe for use by many threads.
 */
final class ServiceRoutes {
  private final FoundRoutes server;
  private final FoundRoutes client;
  private final RpcMethods rpcMethods;
  private final SpanNames spanNames;
  private final Folding.OfService folding;

  ServiceRoutes(SegmentRoom room, int maxRoutes, int maxSpanNames, Folding.OfService folding) {
    this.server = new FoundRoutes(new LearnedPaths(room), maxRoutes);
    this.client = new FoundRoutes(new LearnedPaths(room), maxRoutes);
    this.rpcMethods = new RpcMethods(maxRoutes);
    this.spanNames = new SpanNames(maxSpanNames);
    this.folding = folding;
  }

  /**
   * @param settings whose unmatched paths have routes that are to be found
   * @param path complete, begins with a slash
   * @param answered not with 4xx
   * @return {@link Router#ANY} when the budget has no place for it; that is counted
   */
  synchronized String find(RouteSettings settings, Role role, String path, boolean answered) {
    FoundRoutes routes = of(role);
    String found = routes.find(settings, path, answered);
    return found == null ? folded(routes.budget()) : found;
  }

  /**
   * Takes one that the program itself names.
   *
   * @return {@link Router#ANY} when the budget has no place for it; that is counted
   */
  synchronized String admit(Role role, String route) {
    RouteBudget budget = of(role).budget();
    String admitted = budget.admit(route, true);
    return admitted == null ? folded(budget) : admitted;
  }

  private String folded(RouteBudget budget) {
    if (budget.isFull()) {
      folding.count(Kind.ROUTES, budget.limit());
    } else {
      folding.count(Kind.ROUTES_4XX, budget.doubtfulLimit());
    }
    return Router.ANY;
  }

  /**
   * @param route null: it has none
   */
  synchronized String spanName(HttpExchange http, String route) {
    if (route == null) {
      return SpanNames.withoutRoute(http);
    }
    String name = spanNames.of(http, route);
    if (name != null) {
      return name;
    }
    folding.count(Kind.SPAN_NAMES, spanNames.limit());
    return SpanNames.withoutRoute(http);
  }

  /** Whether the method of a call may be its name; it has one. */
  synchronized boolean hasRoomFor(RpcExchange rpc) {
    return rpcMethods.admit(rpc, folding);
  }

  /** See {@link LearnedPaths#lines}. */
  synchronized List<String> learned(Role role) {
    return of(role).learned().lines();
  }

  /** See {@link LearnedPaths#add}. */
  synchronized void learn(Role role, String line) {
    of(role).learned().add(line);
  }

  /** Whether anything was learned since the last call. */
  synchronized boolean takeChanged() {
    return server.learned().takeChanged() | client.learned().takeChanged();
  }

  synchronized void forget() {
    server.learned().forget();
    client.learned().forget();
  }

  private FoundRoutes of(Role role) {
    return role == Role.SERVER ? server : client;
  }
}
