package io.sonde.pipeline;

import io.sonde.pipeline.exchange.Exchange;

/** Beyla's words for kinds of exchanges, by which outputs choose. */
public enum Instrumentation {
  HTTP,
  GRPC;

  public static Instrumentation of(Exchange exchange) {
    return exchange.match(http -> HTTP, rpc -> GRPC);
  }
}
