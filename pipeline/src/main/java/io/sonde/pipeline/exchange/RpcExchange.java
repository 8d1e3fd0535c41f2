package io.sonde.pipeline.exchange;

import io.sonde.pipeline.event.ConnectionOpened;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.identity.Service;
import io.sonde.pipeline.identity.ServiceOverrides.Export;
import java.util.Set;
import java.util.function.Function;

/**
 * A remote procedure call, in the terms of the OpenTelemetry RPC conventions: a whole stream where
 * it is one, with all its messages.
 *
 * @param system {@code rpc.system.name}: {@code grpc}
 * @param method {@code package.Service/Method}, without a slash before it, as sent; null when not
 *     known, as on a connection that is older than its capture
 * @param spanName the method, or the system where the method is not known or the service has had
 *     too many; null until the stage {@code routes} has named it
 * @param protocolVersion of HTTP: {@code 2}; of gRPC-Web also {@code 1.1}
 * @param statusCode see {@link GrpcStatus}; {@link GrpcStatus#NONE} when not known
 * @param serverAddress from :authority or Host, or else the server's socket address; without port
 * @param serverPort from :authority or Host, or else the socket's
 * @param requestMessages sent by the client; -1 when not known
 * @param responseMessages sent by the server; -1 when not known
 * @param requestBytes of the client's messages as transferred, thus perhaps compressed, without
 *     their prefixes; -1 when not known
 * @param responseBytes of the server's messages, as above
 * @param userAgent null when absent
 * @param ignoredFor signals that the configuration wants to know nothing of this exchange
 * @param errorType see {@link GrpcStatus#errorType}; or what ended the connection
 */
public record RpcExchange(
    Service service,
    ConnectionOpened connection,
    Role role,
    Timing timing,
    int tid,
    ThreadEvidence threads,
    String system,
    String method,
    String spanName,
    String protocolVersion,
    int statusCode,
    String serverAddress,
    int serverPort,
    long requestMessages,
    long responseMessages,
    long requestBytes,
    long responseBytes,
    String userAgent,
    String traceParent,
    String traceState,
    boolean truncated,
    Set<Export> ignoredFor,
    String errorType)
    implements Exchange {

  /** The only system there is. */
  public static final String GRPC = "grpc";

  /** For a method that is not known; no real one is without a slash. */
  public static final String UNKNOWN_METHOD = "unknown";

  /** Semantic conventions: for all methods beyond those that are told apart. */
  public static final String OTHER_METHOD = "_OTHER";

  /** The same with what the stage {@code routes} found out. */
  public RpcExchange named(String itsSpanName, Set<Export> itsIgnoredFor) {
    return new RpcExchange(
        service,
        connection,
        role,
        timing,
        tid,
        threads,
        system,
        method,
        itsSpanName,
        protocolVersion,
        statusCode,
        serverAddress,
        serverPort,
        requestMessages,
        responseMessages,
        requestBytes,
        responseBytes,
        userAgent,
        traceParent,
        traceState,
        truncated,
        itsIgnoredFor,
        errorType);
  }

  /** Value of {@code rpc.method}: of low cardinality once it is named, never null. */
  public String methodLabel() {
    if (method == null) {
      return UNKNOWN_METHOD;
    }
    return method.equals(spanName) ? method : OTHER_METHOD;
  }

  @Override
  public <R> R match(Function<HttpExchange, R> http, Function<RpcExchange, R> rpc) {
    return rpc.apply(this);
  }
}
