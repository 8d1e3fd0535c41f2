package io.sonde.pipeline.protocol.http1;

import io.sonde.pipeline.protocol.MalformedMessageException;
import io.sonde.pipeline.protocol.http1.BodyReader.Framing;

/**
 * Reads the head of a request (RFC 9112 §3) into an {@link OpenExchange}. One instance is used
 * again for each head.
 */
final class RequestHead {
  private static final String CONNECT = "CONNECT";

  private final StringCache strings;
  private final HeaderFields fields = new HeaderFields();
  private byte[] data;

  RequestHead(StringCache strings) {
    this.strings = strings;
  }

  /**
   * @param cut the head was not captured to its end
   */
  void read(byte[] head, int from, int to, boolean cut, OpenExchange exchange)
      throws MalformedMessageException {
    data = head;
    int lineEnd = from;
    while (lineEnd < to && head[lineEnd] != '\n') {
      lineEnd++;
    }
    boolean lineCut = lineEnd == to;
    if (lineCut && !cut) {
      throw malformed(lineEnd - from, "the end of the request line");
    }
    exchange.truncated = cut;
    requestLine(
        from,
        lineEnd > from && head[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd,
        lineCut,
        exchange);
    fields.read(head, Math.min(lineEnd + 1, to), to);
    if (fields.hostTo > fields.hostFrom && exchange.serverAddress == null) {
      authority(fields.hostFrom, fields.hostTo, exchange);
    }
    if (fields.userAgentTo > fields.userAgentFrom) {
      exchange.userAgent = strings.get(head, fields.userAgentFrom, fields.userAgentTo);
    }
    if (fields.contentTypeTo > fields.contentTypeFrom) {
      exchange.contentType = strings.get(head, fields.contentTypeFrom, fields.contentTypeTo);
    }
    exchange.traceParent = fields.traceParent();
    exchange.traceState = fields.traceState();
  }

  /** What the head says of the body's size; -1 when nothing, or nothing sound. */
  long declaredLength() {
    return fields.transferEncoding ? BodyReader.UNKNOWN_SIZE : Math.max(fields.contentLength, -1);
  }

  /** RFC 9112 §6.3. How a badly framed request goes on, only its answer tells. */
  void frame(BodyReader body) {
    if (fields.transferEncoding) {
      body.start(fields.chunked ? Framing.CHUNKED : Framing.UNKNOWN, 0);
    } else if (fields.contentLength == HeaderFields.NO_LENGTH) {
      body.start(Framing.ENDED, 0);
    } else if (fields.contentLength == HeaderFields.BAD_LENGTH) {
      body.start(Framing.UNKNOWN, 0);
    } else {
      body.start(Framing.LENGTH, fields.contentLength);
    }
  }

  private void requestLine(int from, int to, boolean cut, OpenExchange exchange)
      throws MalformedMessageException {
    int methodEnd = from;
    while (methodEnd < to && StartLine.isTokenChar(data[methodEnd])) {
      methodEnd++;
    }
    if (methodEnd == from || methodEnd == to || data[methodEnd] != ' ') {
      throw malformed(methodEnd - from, "a method and a space");
    }
    exchange.method = strings.get(data, from, methodEnd);
    int targetFrom = methodEnd + 1;
    int targetEnd = targetFrom;
    while (targetEnd < to && isTargetChar(data[targetEnd])) {
      targetEnd++;
    }
    if (targetEnd == targetFrom) {
      throw malformed(targetEnd - from, "a request target");
    }
    if (targetEnd < to && data[targetEnd] == ' ' && StartLine.isVersion(data, targetEnd + 1, to)) {
      exchange.protocolVersion = strings.get(data, to - 3, to);
    } else if (!cut || targetEnd < to && data[targetEnd] != ' ') {
      throw malformed(targetEnd - from, "a space and HTTP/1.x");
    }
    target(targetFrom, targetEnd, exchange);
  }

  /** RFC 9112 §3.2. */
  private void target(int from, int to, OpenExchange exchange) {
    if (CONNECT.equals(exchange.method)) {
      exchange.connect = true;
      exchange.path = "";
      authority(from, to, exchange);
      return;
    }
    int pathFrom = from;
    int authorityFrom = data[from] == '/' ? from : authorityOfAbsoluteForm(from, to);
    if (authorityFrom > from) {
      pathFrom = authorityFrom;
      while (pathFrom < to && data[pathFrom] != '/' && data[pathFrom] != '?') {
        pathFrom++;
      }
      authority(authorityFrom, pathFrom, exchange);
    }
    int pathEnd = pathFrom;
    while (pathEnd < to && data[pathEnd] != '?') {
      pathEnd++;
    }
    exchange.path = pathEnd == pathFrom ? "/" : strings.get(data, pathFrom, pathEnd);
    if (pathEnd < to) {
      exchange.query = Query.redacted(strings.get(data, pathEnd + 1, to));
    }
  }

  /** Offset behind {@code scheme://}, or {@code from} when that is not how it begins. */
  private int authorityOfAbsoluteForm(int from, int to) {
    int at = from;
    while (at < to && Character.isLetter(data[at])) {
      at++;
    }
    boolean absolute =
        at > from && at + 2 < to && data[at] == ':' && data[at + 1] == '/' && data[at + 2] == '/';
    return absolute ? at + 3 : from;
  }

  /** {@code host [ ":" port ]}, RFC 9110 §7.2; a user and password before it are never kept. */
  private void authority(int from, int to, OpenExchange exchange) {
    int hostFrom = from;
    for (int i = from; i < to; i++) {
      if (data[i] == '@') {
        hostFrom = i + 1;
      }
    }
    int colon = to;
    while (colon > hostFrom && StartLine.isDigit(data[colon - 1])) {
      colon--;
    }
    boolean hasPort = colon > hostFrom && colon < to && to - colon <= 5 && data[colon - 1] == ':';
    int hostTo = hasPort ? colon - 1 : to;
    if (hasPort) {
      int port = 0;
      for (int i = colon; i < to; i++) {
        port = port * 10 + data[i] - '0';
      }
      exchange.serverPort = port;
    }
    if (hostTo - hostFrom > 2 && data[hostFrom] == '[' && data[hostTo - 1] == ']') {
      hostFrom++;
      hostTo--;
    }
    if (hostTo > hostFrom) {
      exchange.serverAddress = strings.get(data, hostFrom, hostTo);
    }
  }

  private static boolean isTargetChar(byte b) {
    return b > ' ' && b != 0x7f || b < 0;
  }

  private static MalformedMessageException malformed(int offset, String expected) {
    return new MalformedMessageException(Http1Protocol.NAME, offset, expected);
  }
}
