package io.sonde.pipeline.protocol.http1.grpcweb;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.sonde.pipeline.exchange.GrpcStatus;
import java.util.Arrays;

/** Trailers, as the lines that fields of HTTP/1 are. */
final class WebTrailers {
  /** The status comes first where libraries write it; its message may be long. */
  private static final int MAX_BYTES = 1024;

  private static final String STATUS = "grpc-status";

  private final boolean compressed;
  private byte[] bytes = new byte[128];
  private int length;
  private boolean complete;

  WebTrailers(boolean compressed) {
    this.compressed = compressed;
  }

  void add(byte[] data, int from, int count) {
    int kept = Math.min(count, MAX_BYTES - length);
    if (length + kept > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.min(MAX_BYTES, Math.max(2 * bytes.length, length + kept)));
    }
    System.arraycopy(data, from, bytes, length, kept);
    length += kept;
  }

  /** They are over, so the last line is whole, too, unless there were too many. */
  void end() {
    complete = length < MAX_BYTES;
  }

  /** {@link GrpcStatus#NONE} where they have not come so far, or cannot be read. */
  int status() {
    if (compressed) {
      return GrpcStatus.NONE;
    }
    String text = new String(bytes, 0, length, ISO_8859_1);
    int at = 0;
    while (at < text.length()) {
      int lineEnd = text.indexOf('\n', at);
      if (lineEnd < 0 && !complete) {
        break;
      }
      String line = text.substring(at, lineEnd < 0 ? text.length() : lineEnd);
      int colon = line.indexOf(':');
      if (colon >= 0 && line.substring(0, colon).strip().equalsIgnoreCase(STATUS)) {
        return GrpcStatus.parse(line.substring(colon + 1).strip());
      }
      at = lineEnd < 0 ? text.length() : lineEnd + 1;
    }
    return GrpcStatus.NONE;
  }
}
