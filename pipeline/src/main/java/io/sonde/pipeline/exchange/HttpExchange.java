package io.sonde.pipeline.exchange;

import io.sonde.pipeline.event.ConnectionOpened;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.identity.Service;
import java.util.Set;

/**
 * An HTTP request and its answer, in the terms of the stable OpenTelemetry HTTP conventions.
 *
 * @param method request method as sent (any token)
 * @param path of the target, without query; never null
 * @param query without the question mark, sensitive values already redacted; null when there is
 *     none
 * @param route low-cardinality template, or null when not known
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
    String errorType)
    implements Exchange {

  /** RFC 9110, RFC 5789 and QUERY: the methods that HTTP semantic conventions 1.41 let be named. */
  private static final Set<String> KNOWN_METHODS =
      Set.of(
          "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY");

  /** False for a method that a client has invented: it must not become a name or a label. */
  public boolean hasKnownMethod() {
    return KNOWN_METHODS.contains(method);
  }
}
