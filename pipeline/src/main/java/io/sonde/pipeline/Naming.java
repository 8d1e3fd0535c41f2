package io.sonde.pipeline;

import java.util.Set;

/**
 * By which names of the semantic conventions spans and metrics are told, where there are several.
 *
 * @param formerHttp whether those of HTTP are there by the names too that they had before they
 *     became stable
 * @param rpc those of RPC; at least one
 */
public record Naming(boolean formerHttp, Set<Rpc> rpc) {
  /** As Beyla 3.28. */
  public static final Naming DEFAULT = new Naming(false, Set.of(Rpc.RC));

  /** What RPC was and is called. */
  public enum Rpc {
    /**
     * {@code rpc.server.duration} with {@code rpc.grpc.status_code}: Beyla before 3.28, its
     * dashboards, and the conventions before 1.38.
     */
    LEGACY,
    /** {@code rpc.server.call.duration} with {@code rpc.response.status_code}: 1.38 to 1.44. */
    RC,
    /** {@code rpc.server.call.duration} with {@code rpc.status_code}: from 1.45. */
    STABLE
  }

  public Naming {
    rpc = Set.copyOf(rpc);
  }
}
