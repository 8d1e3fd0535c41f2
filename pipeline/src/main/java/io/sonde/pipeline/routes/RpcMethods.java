package io.sonde.pipeline.routes;

import io.sonde.pipeline.accounting.Folding;
import io.sonde.pipeline.accounting.Folding.Kind;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.GrpcStatus;
import io.sonde.pipeline.exchange.RpcExchange;

/**
 * The different RPC methods of one service, those it serves and those it calls apart: as many as
 * routes. Those that a server does not have get no more than a quarter. Not thread-safe.
 */
final class RpcMethods {
  private final int limit;
  private RouteBudget server; // null until there is one
  private RouteBudget client; // null until there is one

  /**
   * @param limit at least 1
   */
  RpcMethods(int limit) {
    this.limit = limit;
  }

  /**
   * @param rpc its method is known
   * @return false when there is no place for it; that is counted
   */
  boolean admit(RpcExchange rpc, Folding.OfService folding) {
    RouteBudget budget = of(rpc.role());
    boolean implemented =
        rpc.statusCode() != GrpcStatus.NONE && rpc.statusCode() != GrpcStatus.UNIMPLEMENTED;
    if (budget.admit(rpc.method(), implemented) != null) {
      return true;
    }
    if (budget.isFull()) {
      folding.count(Kind.RPC_METHODS, budget.limit());
    } else {
      folding.count(Kind.RPC_METHODS_UNIMPLEMENTED, budget.doubtfulLimit());
    }
    return false;
  }

  private RouteBudget of(Role role) {
    if (role == Role.SERVER) {
      server = server == null ? new RouteBudget(limit) : server;
      return server;
    }
    client = client == null ? new RouteBudget(limit) : client;
    return client;
  }
}
