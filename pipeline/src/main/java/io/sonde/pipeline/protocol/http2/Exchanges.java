package io.sonde.pipeline.protocol.http2;

import io.sonde.pipeline.accounting.UnknownField;
import io.sonde.pipeline.event.IpText;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.Exchange;
import io.sonde.pipeline.exchange.GrpcStatus;
import io.sonde.pipeline.exchange.HttpExchange;
import io.sonde.pipeline.exchange.RpcExchange;
import io.sonde.pipeline.exchange.ThreadEvidence;
import io.sonde.pipeline.exchange.Timing;
import io.sonde.pipeline.protocol.ConnectionContext;
import io.sonde.pipeline.protocol.Query;
import java.net.InetSocketAddress;
import java.util.Set;

/** Makes exchanges of the streams of a connection, and counts what of them is not known. */
final class Exchanges {
  private static final String VERSION = "2";

  /** Stands for a method that is not known, as for one that nobody has heard of. */
  private static final String OTHER = "_OTHER";

  /** Stands for the route where there was a path that is not known; no route is without a slash. */
  private static final String UNKNOWN_ROUTE = "unknown";

  /** What a deadline and the news that it was missed may differ by, ns. */
  private static final long TIMEOUT_TOLERANCE_NS = 2_000_000;

  private static final int OK = 200;

  private final ConnectionContext context;
  private final Query query;

  Exchanges(ConnectionContext context, Query query) {
    this.context = context;
    this.query = query;
  }

  /**
   * @param failure why its answer is not complete; null when it is
   */
  Exchange of(Http2Stream stream, long endedNs, Failure failure) {
    return stream.isRpc() ? rpc(stream, endedNs, failure) : http(stream, endedNs, failure);
  }

  private Exchange http(Http2Stream s, long endedNs, Failure failure) {
    String target = s.path;
    boolean pathUnknown = target == null && s.incomplete && !"CONNECT".equals(s.method);
    if (pathUnknown) {
      context.unknown(UnknownField.HTTP2_PATH);
    }
    String method = s.method;
    if (method == null) {
      context.unknown(UnknownField.HTTP2_METHOD);
      method = OTHER;
    }
    if (s.statusUnknown) {
      context.unknown(UnknownField.HTTP2_STATUS);
    }
    int question = target == null ? -1 : target.indexOf('?');
    return new HttpExchange(
        s.service,
        context.connection(),
        context.role(),
        timing(s, endedNs),
        s.tid,
        evidence(s),
        method,
        target == null ? "" : question < 0 ? target : target.substring(0, question),
        question < 0 ? null : query.redacted(target.substring(question + 1)),
        pathUnknown ? UNKNOWN_ROUTE : null,
        null,
        scheme(s),
        serverAddress(s),
        serverPort(s),
        VERSION,
        s.status,
        s.requestContent.size(),
        s.answerContent.size(),
        s.userAgent,
        s.contentType,
        s.traceParent,
        s.traceState,
        s.headLost,
        false,
        Set.of(),
        errorType(s, failure));
  }

  private String errorType(Http2Stream s, Failure failure) {
    if (s.status >= (context.role() == Role.SERVER ? 500 : 400)) {
      return Integer.toString(s.status);
    }
    return failure == null ? null : failure.errorType();
  }

  private Exchange rpc(Http2Stream s, long endedNs, Failure failure) {
    Role role = context.role();
    String path = s.path;
    if (path == null) {
      context.unknown(UnknownField.GRPC_METHOD);
    }
    int status = grpcStatus(s, endedNs, failure);
    if (status == GrpcStatus.NONE && failure == null) {
      context.unknown(UnknownField.GRPC_STATUS);
    }
    boolean ofConnection = failure != null && failure.ofConnection();
    return new RpcExchange(
        s.service,
        context.connection(),
        role,
        timing(s, endedNs),
        s.tid,
        evidence(s),
        RpcExchange.GRPC,
        path == null ? null : path.startsWith("/") ? path.substring(1) : path,
        null,
        VERSION,
        status,
        serverAddress(s),
        serverPort(s),
        s.requestContent.messages == null
            ? GrpcMessages.UNKNOWN
            : s.requestContent.messages.count(),
        s.answerContent.messages == null ? 0 : s.answerContent.messages.count(),
        s.requestContent.messages == null
            ? GrpcMessages.UNKNOWN
            : s.requestContent.messages.bytes(),
        s.answerContent.messages == null ? 0 : s.answerContent.messages.bytes(),
        s.userAgent,
        s.traceParent,
        s.traceState,
        s.headLost,
        Set.of(),
        ofConnection ? failure.errorType() : GrpcStatus.errorType(role, status));
  }

  private int grpcStatus(Http2Stream s, long endedNs, Failure failure) {
    if (s.grpcStatus != GrpcStatus.NONE) {
      return s.grpcStatus;
    }
    if (failure != null) {
      return failure.grpcStatus(context.role(), isTimedOut(s, endedNs));
    }
    if (s.trailersIncomplete || s.statusUnknown) {
      return GrpcStatus.NONE;
    }
    return s.status == OK ? GrpcStatus.UNKNOWN : GrpcStatus.ofHttp(s.status);
  }

  private static boolean isTimedOut(Http2Stream s, long endedNs) {
    return s.timeoutNs > 0 && endedNs - s.arrivedNs >= s.timeoutNs - TIMEOUT_TOLERANCE_NS;
  }

  private Timing timing(Http2Stream s, long endedNs) {
    return new Timing(
        s.arrivedNs, s.startedNs, Math.max(endedNs, s.startedNs), context.realtimeOffsetNs());
  }

  private static ThreadEvidence evidence(Http2Stream s) {
    return s.threads == null ? null : s.threads.evidence();
  }

  /** Anything else than the two of RFC 9110 §4.2 is told by what the connection is. */
  private String scheme(Http2Stream s) {
    if ("http".equals(s.scheme) || "https".equals(s.scheme)) {
      return s.scheme;
    }
    return context.secure() ? "https" : "http";
  }

  private String serverAddress(Http2Stream s) {
    if (s.serverAddress != null) {
      return s.serverAddress;
    }
    InetSocketAddress server =
        context.role() == Role.SERVER
            ? context.connection().local()
            : context.connection().remote();
    return IpText.of(server.getAddress());
  }

  private int serverPort(Http2Stream s) {
    return s.serverPort == 0 ? context.serverPort() : s.serverPort;
  }
}
