package io.sonde.pipeline.protocol.http2;

import io.sonde.pipeline.accounting.Tunnel;
import io.sonde.pipeline.exchange.GrpcStatus;
import io.sonde.pipeline.exchange.ThreadWork;
import io.sonde.pipeline.identity.Service;
import io.sonde.pipeline.protocol.Flow;
import io.sonde.pipeline.protocol.UpgradedRequest;

/** A stream with a request whose answer is not complete. Filled in as it becomes known. */
final class Http2Stream {
  private static final String GRPC = "application/grpc";
  private static final String POST = "POST";
  private static final String CONNECT = "CONNECT";

  final int id;

  /** Its request was read; a client may read an answer before it is told that it has asked. */
  boolean begun;

  // Of the first byte of the request.
  long arrivedNs;
  long startedNs;
  int tid;

  /** Null when nothing is known. */
  ThreadWork threads;

  /** Null when the process was never announced: the exchange is followed, but not reported. */
  Service service;

  // Of the request; null where absent or not known.
  String method;
  String path;
  String scheme;
  String protocol;
  String contentType;
  String userAgent;
  String traceParent;
  String traceState;

  /** Without port; null when the messages do not name one. */
  String serverAddress;

  /** 0 when the messages do not name one. */
  int serverPort;

  /** Of the request's fields that are kept, characters. */
  int fieldsLength;

  /** Some fields of the request are not known. */
  boolean incomplete;

  /** None of them are. */
  boolean headLost;

  /** How much time gRPC gives it, ns; 0 any. */
  long timeoutNs;

  final StreamContent requestContent = new StreamContent();

  boolean requestEnded;

  /** Where it ends, or whether it was given up, may have gone by unseen. */
  boolean requestLost;

  /** Its answer may have gone by unseen, or begun to. */
  boolean answerMissed;

  /** The head of the final answer was read, and maybe the status. */
  boolean answered;

  /** 0 when not known. */
  int status;

  boolean statusUnknown;
  String answerContentType;
  final StreamContent answerContent = new StreamContent();

  /** {@link GrpcStatus#NONE} when it did not say. */
  int grpcStatus = GrpcStatus.NONE;

  /** The fields that end the answer are not all known: they may have said it. */
  boolean trailersIncomplete;

  /** The answer ended with fields behind its contents. */
  boolean trailers;

  /** When the answer ended, if that was before its request was told; 0 else. */
  long endedEarlyNs;

  /** Why it ended so; null: as it should. */
  Failure failedEarly;

  /** It has been reported, as timed out, and is kept because its answer may still come. */
  boolean told;

  /** What its bytes are, once it has been reported; null mostly. */
  Tunnel tunnel;

  Http2Stream(int id) {
    this.id = id;
  }

  /** The request's fields are known as far as they will be. */
  void requested(Fields fields, Authority authority) {
    method = fields.method;
    path = fields.path;
    scheme = fields.scheme;
    protocol = fields.protocol;
    contentType = fields.contentType;
    userAgent = fields.userAgent;
    traceParent = fields.traceParent();
    traceState = fields.traceState();
    incomplete = fields.incomplete;
    timeoutNs = GrpcTimeout.parse(fields.grpcTimeout);
    authority.read(fields.authority == null ? fields.host : fields.authority);
    serverAddress = authority.host();
    serverPort = authority.port();
    if (isGrpc(contentType) || contentType == null && incomplete) {
      requestContent.messages = new GrpcMessages();
    }
  }

  /** Whether it ended may have gone by unseen, so nothing that comes without it can tell. */
  boolean isDoubtful() {
    return !answered && (requestLost || answerMissed);
  }

  /** What is left of the request may go by unseen. */
  void loseRest() {
    if (!requestEnded) {
      requestLost = true;
      requestContent.lose();
    }
  }

  /** It came as a request of HTTP/1, all of it. */
  void upgraded(UpgradedRequest request) {
    arrivedNs = request.arrivedNs();
    startedNs = request.startedNs();
    tid = request.tid();
    threads = request.threads();
    service = request.service();
    method = request.method();
    path = request.target();
    scheme = request.scheme();
    contentType = request.contentType();
    userAgent = request.userAgent();
    traceParent = request.traceParent();
    traceState = request.traceState();
    serverAddress = request.serverAddress();
    serverPort = request.serverPort();
    headLost = request.truncated();
    requestContent.bytes = request.bodyBytes();
    requestEnded = true;
  }

  /** The final answer's fields are known as far as they will be. */
  void answered(Fields fields, int itsStatus) {
    answered = true;
    status = itsStatus;
    statusUnknown = itsStatus == 0 && fields.incomplete;
    answerContentType = fields.contentType;
    if (requestContent.messages != null || !begun) {
      answerContent.messages = new GrpcMessages();
    }
  }

  /** Fields that end the answer; of one without contents they are its only ones. */
  void ended(Fields fields) {
    trailersIncomplete = fields.incomplete;
    if (fields.grpcStatus != null) {
      grpcStatus = GrpcStatus.parse(fields.grpcStatus);
    }
  }

  /**
   * Whether it is a call of gRPC. Where the content type is not known, because it was said before
   * anybody listened, another field may say it, of the request or of the answer; else the contents:
   * nothing else is made of whole messages with such prefixes.
   */
  boolean isRpc() {
    if (contentType != null || !incomplete) {
      return isGrpc(contentType);
    }
    if (timeoutNs > 0 || isGrpc(answerContentType) || grpcStatus != GrpcStatus.NONE) {
      return true;
    }
    boolean maySayNothing = trailers; // only zeros look like messages that say nothing
    return answerContentType == null
        && (method == null || POST.equals(method))
        && (requestContent.messages.areWhole()
                && (maySayNothing || requestContent.messages.bytes() > 0)
            || trailers && answerContent.messages != null && answerContent.messages.areWhole());
  }

  /** Whether it may still turn out to be one. */
  boolean mayBeRpc() {
    return contentType == null ? incomplete : isGrpc(contentType);
  }

  /** {@code application/grpc}, with {@code +proto} and the like or parameters; not gRPC-Web. */
  private static boolean isGrpc(String contentType) {
    if (contentType == null || !contentType.startsWith(GRPC)) {
      return false;
    }
    char next = contentType.length() == GRPC.length() ? ';' : contentType.charAt(GRPC.length());
    return next == ';' || next == '+' || next == ' ';
  }

  /** What follows on it is not HTTP (RFC 9113 §8.5). */
  boolean opensTunnel() {
    return CONNECT.equals(method) && status / 100 == 2;
  }

  StreamContent content(Flow flow) {
    return flow == Flow.REQUESTS ? requestContent : answerContent;
  }
}
