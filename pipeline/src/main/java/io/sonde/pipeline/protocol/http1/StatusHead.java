package io.sonde.pipeline.protocol.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sonde.pipeline.accounting.Tunnel;
import io.sonde.pipeline.protocol.Detection;
import io.sonde.pipeline.protocol.MalformedMessageException;
import io.sonde.pipeline.protocol.http1.BodyReader.Framing;

/** Reads the head of an answer (RFC 9112 §4). One instance is used again for each head. */
final class StatusHead {
  private static final byte[] WEBSOCKET = "websocket".getBytes(US_ASCII);
  private static final byte[] H2C = "h2c".getBytes(US_ASCII);

  final HeaderFields fields = new HeaderFields();
  private int status;
  private char minorVersion;

  void read(byte[] head, int from, int to) throws MalformedMessageException {
    if (StartLine.detectStatus(head, from, to) != Detection.YES) {
      throw new MalformedMessageException(Http1Protocol.NAME, 0, "HTTP/1.x and a status code");
    }
    minorVersion = (char) head[from + 7];
    status = (head[from + 9] - '0') * 100 + (head[from + 10] - '0') * 10 + head[from + 11] - '0';
    int lineEnd = from + StartLine.STATUS_LENGTH;
    if (lineEnd < to && head[lineEnd] > ' ') {
      throw new MalformedMessageException(
          Http1Protocol.NAME, StartLine.STATUS_LENGTH, "a space or the end of the line");
    }
    while (lineEnd < to && head[lineEnd] != '\n') {
      lineEnd++;
    }
    fields.read(head, Math.min(lineEnd + 1, to), to);
  }

  int status() {
    return status;
  }

  String protocolVersion() {
    return minorVersion == '0' ? "1.0" : "1.1";
  }

  /** Null when absent, longer than is kept, or not text. */
  String contentType() {
    return fields.contentType();
  }

  /** To what a 101 leads. */
  Tunnel upgrade() {
    if (fields.upgradesTo(WEBSOCKET)) {
      return Tunnel.WEBSOCKET;
    }
    return Tunnel.OTHER;
  }

  boolean upgradesToHttp2() {
    return fields.upgradesTo(H2C);
  }

  /** RFC 9112 §6.3. */
  void frame(OpenExchange exchange, BodyReader body) throws MalformedMessageException {
    if (exchange.hasNoBody()) {
      body.start(Framing.ENDED, 0);
    } else if (fields.dubiousFraming || fields.transferEncoding && minorVersion == '0') {
      body.start(Framing.UNKNOWN, 0); // §6.1: HTTP/1.0 has no transfer coding
    } else if (fields.transferEncoding) {
      body.start(fields.chunked ? Framing.CHUNKED : Framing.CLOSE, 0);
    } else if (fields.contentLength == HeaderFields.NO_LENGTH) {
      body.start(Framing.CLOSE, 0);
    } else if (fields.contentLength == HeaderFields.BAD_LENGTH) {
      throw new MalformedMessageException(Http1Protocol.NAME, 0, "one decimal Content-Length");
    } else {
      body.start(Framing.LENGTH, fields.contentLength);
    }
  }

  /** 100–199 but 101: another answer to the same request follows (RFC 9110 §15.2). */
  boolean isInterim() {
    return status < 200 && status != 101;
  }
}
