package io.sonde.pipeline.linking;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.semconv.RpcAttributes;
import io.sonde.pipeline.Naming;
import io.sonde.pipeline.exchange.GrpcStatus;
import java.util.Set;

/**
 * The attributes of RPC that the conventions have called by several names. They are made with those
 * of {@link Naming.Rpc#RC}:
 *
 * <pre>
 *   LEGACY      rpc.system       rpc.grpc.status_code      5
 *   RC          rpc.system.name  rpc.response.status_code  "NOT_FOUND"
 *   STABLE      rpc.system.name  rpc.status_code           "NOT_FOUND"
 * </pre>
 */
public final class RpcNaming {
  public static final AttributeKey<String> STATUS_CODE =
      AttributeKey.stringKey("rpc.response.status_code");

  private static final AttributeKey<String> LEGACY_SYSTEM = AttributeKey.stringKey("rpc.system");
  private static final AttributeKey<Long> LEGACY_STATUS_CODE =
      AttributeKey.longKey("rpc.grpc.status_code");

  private static final Set<Naming.Rpc> AS_MADE = Set.of(Naming.Rpc.RC);

  private RpcNaming() {}

  /** The same attributes by all of these names. */
  public static Attributes of(Set<Naming.Rpc> names, Attributes rc) {
    if (names.equals(AS_MADE)) {
      return rc;
    }
    AttributesBuilder named = rc.toBuilder();
    String status = rc.get(STATUS_CODE);
    if (names.contains(Naming.Rpc.LEGACY)) {
      named.put(LEGACY_SYSTEM, rc.get(RpcAttributes.RPC_SYSTEM_NAME));
      if (status != null) {
        named.put(LEGACY_STATUS_CODE, (long) GrpcStatus.ofName(status));
      }
    }
    if (names.contains(Naming.Rpc.STABLE)) {
      named.put(RpcAttributes.RPC_STATUS_CODE, status);
    }
    if (!names.contains(Naming.Rpc.RC)) {
      named.remove(STATUS_CODE);
    }
    if (names.equals(Set.of(Naming.Rpc.LEGACY))) {
      named.remove(RpcAttributes.RPC_SYSTEM_NAME);
    }
    return named.build();
  }

  /** The span of an RPC by all of these names; another one as it is. */
  public static SpanData of(Set<Naming.Rpc> names, SpanData span) {
    Attributes rc = span.getAttributes();
    boolean asItIs = names.equals(AS_MADE) || rc.get(RpcAttributes.RPC_SYSTEM_NAME) == null;
    return asItIs ? span : new RenamedSpan(span, of(names, rc));
  }
}
