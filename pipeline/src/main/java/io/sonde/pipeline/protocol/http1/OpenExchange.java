package io.sonde.pipeline.protocol.http1;

import io.sonde.pipeline.event.IpText;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.Exchange;
import io.sonde.pipeline.exchange.GrpcStatus;
import io.sonde.pipeline.exchange.HttpExchange;
import io.sonde.pipeline.exchange.RpcExchange;
import io.sonde.pipeline.exchange.ThreadWork;
import io.sonde.pipeline.exchange.Timing;
import io.sonde.pipeline.identity.Service;
import io.sonde.pipeline.protocol.ConnectionContext;
import io.sonde.pipeline.protocol.FailureType;
import io.sonde.pipeline.protocol.UpgradedRequest;
import io.sonde.pipeline.protocol.http1.grpcweb.GrpcWebBody;
import java.net.InetSocketAddress;
import java.util.Set;

/** A request whose answer is not complete. Fields are filled in as they become known. */
final class OpenExchange {
  // Of the first byte of the request.
  long arrivedNs;
  long startedNs;
  int tid;

  /** Null when nothing is known of its threads. */
  ThreadWork threads;

  /** Null when the process was never announced: the exchange is followed, but not reported. */
  Service service;

  String method;
  String path;
  String query;
  String scheme;
  String protocolVersion;
  String serverAddress;
  int serverPort;
  String userAgent;
  String contentType;
  String traceParent;
  String traceState;
  boolean targetNamesServer;
  boolean connect;
  boolean truncated;
  boolean pathCut;

  /** It has been reported, as timed out, and is kept because its answer may still come. */
  boolean told;

  long requestBodyBytes = BodyReader.UNKNOWN_SIZE;

  /** Of the final answer; 0 until its head is read. */
  int statusCode;

  /** What an RPC's bodies tell; null where it is none, or its answer is not one of an RPC. */
  GrpcWebBody requestMessages;

  GrpcWebBody answerMessages;

  /** That the answer's head tells instead of its body. */
  private int grpcStatus = GrpcStatus.NONE;

  /** Of an answer whose head was cut, as that head says; -1 when it does not. */
  private long declaredAnswerBytes = BodyReader.UNKNOWN_SIZE;

  /**
   * @param secure it came within TLS
   */
  OpenExchange(boolean secure) {
    scheme = secure ? "https" : "http";
  }

  /** Of what is kept of the request's head, characters; the same at any time. */
  int fieldsLength() {
    return length(method)
        + length(path)
        + length(query)
        + length(serverAddress)
        + length(userAgent)
        + length(contentType)
        + length(traceParent)
        + length(traceState);
  }

  private static int length(String field) {
    return field == null ? 0 : field.length();
  }

  /**
   * Its request's head has been read.
   *
   * @param cut it was not captured to its end
   */
  void asked(boolean cut) {
    requestMessages = "POST".equals(method) ? GrpcWebBody.of(contentType) : null;
    if (cut && requestMessages != null) {
      requestMessages.lose();
    }
  }

  /** RFC 9112 §6.3: whatever its answer's head says. */
  boolean hasNoBody() {
    return "HEAD".equals(method) || statusCode == 204 || statusCode == 304;
  }

  /** RFC 9110 §15.2.2 and §9.3.6: what follows this answer is not HTTP/1. */
  boolean opensTunnel() {
    return statusCode == 101 || connect && statusCode >= 200 && statusCode < 300;
  }

  /**
   * @param head of the final answer
   * @param cut it was not captured to its end
   */
  void answered(StatusHead head, boolean cut) {
    statusCode = head.status();
    truncated |= cut;
    if (protocolVersion == null) {
      protocolVersion = head.protocolVersion();
    }
    if (requestMessages != null) {
      grpcStatus = head.fields.grpcStatus;
      answerMessages = GrpcWebBody.of(head.contentType());
    }
    if (cut && !head.fields.transferEncoding && head.fields.contentLength >= 0) {
      declaredAnswerBytes = hasNoBody() ? 0 : head.fields.contentLength;
    }
  }

  /**
   * @param answerBytes content of the answer that was moved; -1 when not known
   * @param failure why there is no whole answer; null when there is
   */
  Exchange finished(
      ConnectionContext context, long endedNs, long answerBytes, FailureType failure) {
    return requestMessages == null
        ? http(context, endedNs, answerBytes, failure)
        : rpc(context, endedNs, failure);
  }

  private RpcExchange rpc(ConnectionContext context, long endedNs, FailureType failure) {
    Role role = context.role();
    int status = rpcStatus(role, failure);
    return new RpcExchange(
        service,
        context.connection(),
        role,
        timing(context, endedNs),
        tid,
        threads == null ? null : threads.evidence(),
        RpcExchange.GRPC,
        pathCut || path.length() < 2 ? null : path.substring(1),
        null,
        protocolVersion,
        status,
        serverAddress(context),
        serverPort == 0 ? context.serverPort() : serverPort,
        requestMessages.messages(),
        answerMessages == null ? 0 : answerMessages.messages(),
        requestMessages.messageBytes(),
        answerMessages == null ? 0 : answerMessages.messageBytes(),
        userAgent,
        traceParent,
        traceState,
        truncated,
        Set.of(),
        failure == null ? GrpcStatus.errorType(role, status) : failure.value());
  }

  /** Where the body was not seen to its trailers, what they said is not known. */
  private int rpcStatus(Role role, FailureType failure) {
    int told = answerMessages == null ? GrpcStatus.NONE : answerMessages.status();
    if (told != GrpcStatus.NONE || grpcStatus != GrpcStatus.NONE) {
      return told == GrpcStatus.NONE ? grpcStatus : told;
    }
    if (failure != null) {
      return role == Role.CLIENT ? ofFailure(failure) : GrpcStatus.NONE;
    }
    boolean unseen = answerMessages != null && !answerMessages.isKnown();
    return unseen ? GrpcStatus.NONE : GrpcStatus.ofHttp(statusCode);
  }

  /** As its client sees it. */
  private static int ofFailure(FailureType failure) {
    return switch (failure) {
      case CLIENT_DISCONNECTED -> GrpcStatus.CANCELLED;
      case CONNECTION_RESET, CONNECTION_CLOSED -> GrpcStatus.UNAVAILABLE;
      case TIMEOUT -> GrpcStatus.NONE; // it may still be answered
    };
  }

  private Timing timing(ConnectionContext context, long endedNs) {
    return new Timing(
        arrivedNs, startedNs, Math.max(endedNs, startedNs), context.realtimeOffsetNs());
  }

  private String serverAddress(ConnectionContext context) {
    if (serverAddress != null) {
      return serverAddress;
    }
    InetSocketAddress server =
        context.role() == Role.SERVER
            ? context.connection().local()
            : context.connection().remote();
    return IpText.of(server.getAddress());
  }

  private HttpExchange http(
      ConnectionContext context, long endedNs, long answerBytes, FailureType failure) {
    Role role = context.role();
    return new HttpExchange(
        service,
        context.connection(),
        role,
        timing(context, endedNs),
        tid,
        threads == null ? null : threads.evidence(),
        method,
        path,
        query,
        null,
        null,
        scheme,
        serverAddress(context),
        serverPort == 0 ? context.serverPort() : serverPort,
        protocolVersion,
        statusCode,
        requestBodyBytes,
        answerBytes < 0 && failure == null ? declaredAnswerBytes : answerBytes,
        userAgent,
        contentType,
        traceParent,
        traceState,
        truncated,
        pathCut,
        Set.of(),
        errorType(role, failure));
  }

  /** The same as a request that is answered in another protocol. */
  UpgradedRequest upgraded() {
    return new UpgradedRequest(
        arrivedNs,
        startedNs,
        tid,
        threads,
        service,
        method,
        query == null ? path : path + '?' + query,
        scheme,
        serverAddress,
        serverPort,
        userAgent,
        contentType,
        traceParent,
        traceState,
        requestBodyBytes,
        truncated);
  }

  /** Semantic conventions: the status code where it is an error, which depends on the side. */
  private String errorType(Role role, FailureType failure) {
    if (statusCode >= (role == Role.SERVER ? 500 : 400)) {
      return Integer.toString(statusCode);
    }
    return failure == null ? null : failure.value();
  }
}
