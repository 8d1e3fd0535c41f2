package io.sonde.pipeline.protocol.http1;

import io.sonde.pipeline.protocol.MalformedMessageException;
import io.sonde.pipeline.protocol.Query;
import io.sonde.pipeline.protocol.StringCache;
import io.sonde.pipeline.protocol.http1.BodyReader.Framing;
import java.util.Arrays;
import java.util.Locale;

/**
 * Reads the head of a request (RFC 9112 §3) into an {@link OpenExchange}. One instance is used
 * again for each head.
 */
final class RequestHead {
  private static final String CONNECT = "CONNECT";
  private static final String OPTIONS = "OPTIONS";
  private static final byte[] SCHEME_END = {':', '/', '/'};

  /** Longer than any that is registered with IANA and used in requests. */
  private static final int MAX_SCHEME = 16;

  private static final int MAX_PORT = 65_535;
  private static final int MAX_PORT_DIGITS = 5;
  private static final int NO_PORT = -1;

  private final StringCache strings;
  private final Query query;
  private final HeaderFields fields = new HeaderFields();
  private byte[] data;
  private boolean version10;

  RequestHead(StringCache strings, Query query) {
    this.strings = strings;
    this.query = query;
  }

  /**
   * @param cut the head was not captured to its end
   */
  void read(byte[] head, int from, int to, boolean cut, OpenExchange exchange)
      throws MalformedMessageException {
    data = head;
    version10 = false;
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
    if (fields.hasHost() && !exchange.targetNamesServer) {
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

  /**
   * The server is to refuse it, or to close the connection after its answer, since others may see
   * its end elsewhere (RFC 9112 §5.1, §5.2, §6.1, §6.3, §11.2). What it does, its answer tells.
   */
  boolean isAmbiguous() {
    return fields.folded
        || fields.dubiousFraming
        || fields.contentLength == HeaderFields.BAD_LENGTH
        || fields.transferEncoding
            && (!fields.chunked || version10 || fields.contentLength != HeaderFields.NO_LENGTH);
  }

  /** RFC 9112 §6.3. */
  void frame(BodyReader body) {
    if (isAmbiguous()) {
      body.start(Framing.UNKNOWN, 0);
    } else if (fields.transferEncoding) {
      body.start(Framing.CHUNKED, 0);
    } else if (fields.contentLength == HeaderFields.NO_LENGTH) {
      body.start(Framing.ENDED, 0);
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
      version10 = data[to - 1] == '0';
    } else if (!cut || targetEnd < to && data[targetEnd] != ' ') {
      throw malformed(targetEnd - from, "a space and HTTP/1.x");
    }
    target(targetFrom, targetEnd, targetEnd == to, exchange);
    exchange.pathCut = targetEnd == to && exchange.query == null; // a query would have ended it
  }

  /**
   * RFC 9112 §3.2.
   *
   * @param cut the target goes on behind what was captured
   */
  private void target(int from, int to, boolean cut, OpenExchange exchange) {
    if (CONNECT.equals(exchange.method)) {
      exchange.connect = true;
      exchange.path = "";
      serverOfTarget(from, to, cut, exchange);
      return;
    }
    int pathFrom = from;
    int schemeEnd = data[from] == '/' ? from : schemeEnd(from, to);
    if (schemeEnd > from) {
      int authorityFrom = schemeEnd + SCHEME_END.length;
      pathFrom = authorityFrom;
      while (pathFrom < to && data[pathFrom] != '/' && data[pathFrom] != '?') {
        pathFrom++;
      }
      exchange.scheme = strings.get(data, from, schemeEnd).toLowerCase(Locale.ROOT);
      exchange.serverPort = defaultPort(exchange.scheme);
      serverOfTarget(authorityFrom, pathFrom, cut && pathFrom == to, exchange);
    }
    int pathEnd = pathFrom;
    while (pathEnd < to && data[pathEnd] != '?') {
      pathEnd++;
    }
    if (pathEnd > pathFrom) {
      exchange.path = strings.get(data, pathFrom, pathEnd);
    } else {
      // §3.2.4: in absolute form, no path is how the asterisk is written
      exchange.path = pathEnd == to && OPTIONS.equals(exchange.method) ? "*" : "/";
    }
    if (pathEnd < to) {
      exchange.query = query.redacted(strings.get(data, pathEnd + 1, to));
    }
  }

  /** Offset of {@code ://} behind a scheme, or {@code from} when that is not how it begins. */
  private int schemeEnd(int from, int to) {
    int at = from;
    while (at < to && isSchemeChar(data[at])) {
      at++;
    }
    boolean absolute =
        at > from
            && at - from <= MAX_SCHEME
            && at + SCHEME_END.length <= to
            && Arrays.equals(data, at, at + SCHEME_END.length, SCHEME_END, 0, SCHEME_END.length);
    return absolute ? at : from;
  }

  /** RFC 3986 §3.1. */
  private static boolean isSchemeChar(byte b) {
    int letter = b | 0x20;
    return letter >= 'a' && letter <= 'z'
        || StartLine.isDigit(b)
        || b == '+'
        || b == '-'
        || b == '.';
  }

  /** RFC 9110 §4.2; 0 where it is not known. */
  private static int defaultPort(String scheme) {
    return switch (scheme) {
      case "http" -> 80;
      case "https" -> 443;
      default -> 0;
    };
  }

  /** Where the target names the server, Host is not to be looked at (RFC 9112 §3.2.2). */
  private void serverOfTarget(int from, int to, boolean cut, OpenExchange exchange) {
    exchange.targetNamesServer = true;
    if (!cut) { // else what is there could be a user and a password
      authority(from, to, exchange);
    }
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
    int port = colon > hostFrom && data[colon - 1] == ':' ? port(colon, to) : NO_PORT;
    int hostTo = port == NO_PORT ? to : colon - 1;
    if (port != NO_PORT) {
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

  /** Of nothing but digits. */
  private int port(int from, int to) {
    if (from == to || to - from > MAX_PORT_DIGITS) {
      return NO_PORT;
    }
    int port = 0;
    for (int i = from; i < to; i++) {
      port = port * 10 + data[i] - '0';
    }
    return port <= MAX_PORT ? port : NO_PORT;
  }

  private static boolean isTargetChar(byte b) {
    return b > ' ' && b != 0x7f || b < 0;
  }

  private static MalformedMessageException malformed(int offset, String expected) {
    return new MalformedMessageException(Http1Protocol.NAME, offset, expected);
  }
}
