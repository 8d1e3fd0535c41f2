package io.sonde.pipeline.exchange;

import io.sonde.pipeline.event.ConnectionOpened;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.identity.Service;
import io.sonde.pipeline.identity.ServiceOverrides.Export;
import java.util.Set;
import java.util.function.Function;

/**
 * An HTTP request and its answer, in the terms of the stable OpenTelemetry HTTP conventions.
 *
 * @param method request method as sent (any token)
 * @param path of the target, without query; never null
 * @param query without the question mark, sensitive values already redacted; null when there is
 *     none
 * @param route low-cardinality template, or null when not known; the stage {@code routes} finds it
 * @param spanName {@code METHOD route}, or the method alone where there is no route or the service
 *     has had too many names; {@code HTTP} stands for a method that is not known; null until the
 *     stage {@code routes} has named it
 * @param scheme {@code http} or {@code https}
 * @param serverAddress from Host, or else the server's socket address; without port
 * @param serverPort from Host, or else the socket's
 * @param protocolVersion {@code 1.0}, {@code 1.1}; null when the request's head was cut before it
 *     and no answer came
 * @param statusCode of the final answer, 0 when none came
 * @param requestBodyBytes payload size as transferred, without chunk framing; -1 when not known
 * @param responseBodyBytes as above
 * @param userAgent null when absent
 * @param requestContentType as sent, at most 256 bytes; null when absent, longer or not text
 * @param traceParent value of the request's only {@code traceparent} field as sent, not validated
 *     (W3C Trace Context §3.2); null when absent, there are several, or it is longer than 256 bytes
 * @param traceState values of its {@code tracestate} fields, joined with commas in their order and
 *     not validated (W3C Trace Context §3.3); null when absent or over 1024 bytes together
 * @param truncated the captured head ended before the real one did; what is given here is still
 *     right, but a target that was itself cut ends where the capture did
 * @param pathCut the path is such a one: it may go on in any way
 * @param ignoredFor signals that the configuration wants to know nothing of this exchange
 * @param errorType see {@link Exchange#errorType()}
 */
public record HttpExchange(
    Service service,
    ConnectionOpened connection,
    Role role,
    Timing timing,
    int tid,
    ThreadEvidence threads,
    String method,
    String path,
    String query,
    String route,
    String spanName,
    String scheme,
    String serverAddress,
    int serverPort,
    String protocolVersion,
    int statusCode,
    long requestBodyBytes,
    long responseBodyBytes,
    String userAgent,
    String requestContentType,
    String traceParent,
    String traceState,
    boolean truncated,
    boolean pathCut,
    Set<Export> ignoredFor,
    String errorType)
    implements Exchange {

  /** RFC 9110, RFC 5789 and QUERY: the methods that HTTP semantic conventions 1.41 let be named. */
  private static final Set<String> KNOWN_METHODS =
      Set.of(
          "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY");

  /** The same with what the stage {@code routes} found out. */
  public HttpExchange routed(String itsRoute, String itsSpanName, Set<Export> itsIgnoredFor) {
    return new HttpExchange(
        service,
        connection,
        role,
        timing,
        tid,
        threads,
        method,
        path,
        query,
        itsRoute,
        itsSpanName,
        scheme,
        serverAddress,
        serverPort,
        protocolVersion,
        statusCode,
        requestBodyBytes,
        responseBodyBytes,
        userAgent,
        requestContentType,
        traceParent,
        traceState,
        truncated,
        pathCut,
        itsIgnoredFor,
        errorType);
  }

  @Override
  public long requestBytes() {
    return requestBodyBytes;
  }

  @Override
  public long responseBytes() {
    return responseBodyBytes;
  }

  @Override
  public <R> R match(Function<HttpExchange, R> http, Function<RpcExchange, R> rpc) {
    return http.apply(this);
  }

  /** False for a method that a client has invented: it must not become a name or a label. */
  public boolean hasKnownMethod() {
    return KNOWN_METHODS.contains(method);
  }
}
