package io.sonde.pipeline.protocol.http2;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sonde.pipeline.protocol.Detection;
import java.util.Arrays;

/** Tells whether frames begin here, for who does not know where he is. Keeps nothing. */
final class FirstFrame {
  /** RFC 9113 §3.4. */
  static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);

  /** Of the preface, so many bytes end with its first one: it may begin there. */
  static final int SECOND_P = "PRI * HTTP".length();

  /** What can be said of it. */
  enum Verdict {
    NO,
    NEED_MORE,
    /** A frame that either side may send. */
    OF_EITHER,
    OF_CLIENT,
    OF_SERVER
  }

  /** So many fields of a header block are looked at. */
  private static final int MAX_FIELDS = 6;

  // RFC 7541 Appendix A: entries of the static table.
  private static final int LAST_OF_REQUESTS = 7; // :authority, :method, :path, :scheme
  private static final int LAST_OF_ANSWERS = 14; // :status
  private static final int LAST_STATIC = 61;

  private FirstFrame() {}

  /** By the first frame alone, so that it makes no difference what has come behind it. */
  static Verdict judge(FrameHeader scratch, byte[] data, int from, int to) {
    if (to - from < FrameHeader.LENGTH) {
      return mayBecome(data, from, to) ? Verdict.NEED_MORE : Verdict.NO;
    }
    FrameHeader header = scratch.read(data, from);
    if (header.isCertain()) {
      return Verdict.OF_EITHER;
    }
    if (header.type() != FrameHeader.HEADERS
        || !header.isPlausible()
        || header.stream() % 2 == 0
        || !header.has(FrameHeader.END_HEADERS)) {
      return Verdict.NO;
    }
    int block = from + FrameHeader.LENGTH + header.prefixLength();
    int end = from + FrameHeader.LENGTH + header.length();
    return block < to ? ofBlock(data, block, Math.min(end, to), end) : Verdict.NEED_MORE;
  }

  /**
   * RFC 9113 §3.4.
   *
   * @param from where its first byte is
   */
  static Detection detectPreface(byte[] data, int from, int to) {
    int length = Math.min(PREFACE.length, to - from);
    if (!Arrays.equals(data, from, from + length, PREFACE, 0, length)) {
      return Detection.NO;
    }
    return length == PREFACE.length ? Detection.FIRST : Detection.NEED_MORE;
  }

  /** Those of a server, before which it may send nothing; not the acknowledgement of others'. */
  static Detection detectSettings(FrameHeader scratch, byte[] data, int from, int to) {
    if (to - from < FrameHeader.LENGTH) {
      return mayBecome(data, from, to) ? Detection.NEED_MORE : Detection.NO;
    }
    FrameHeader header = scratch.read(data, from);
    boolean settings = header.type() == FrameHeader.SETTINGS && !header.has(FrameHeader.ACK);
    return settings && header.isPlausible() ? Detection.YES : Detection.NO;
  }

  /**
   * Whether a frame begins here, on a connection that is known to have frames. Fields and what is
   * about the connection tell; contents could be anything.
   */
  static boolean findsStep(FrameHeader scratch, byte[] data, int from, int to) {
    if (to - from < FrameHeader.LENGTH) {
      return false;
    }
    FrameHeader header = scratch.read(data, from);
    if (!header.isCertain() && !(header.type() == FrameHeader.HEADERS && header.isPlausible())) {
      return false;
    }
    int next = from + FrameHeader.LENGTH + header.length();
    return next > to - FrameHeader.LENGTH || scratch.read(data, next).isPlausible();
  }

  /** A length of less than 16 KiB, and a type. */
  private static boolean mayBecome(byte[] data, int from, int to) {
    int length = to - from;
    return length == 0
        || data[from] == 0
            && (length < 2 || data[from + 1] >= 0 && data[from + 1] <= 0x40)
            && (length < 4 || data[from + 3] >= 0 && data[from + 3] <= FrameHeader.CONTINUATION);
  }

  /**
   * Pseudo-header fields come first (§8.3), and those of requests are not those of answers. Fields
   * that refer to what was missed may be before them.
   *
   * @param end of the block; {@code to} where it is all there
   */
  private static Verdict ofBlock(byte[] data, int from, int to, int end) {
    int at = from;
    for (int fields = 0; fields < MAX_FIELDS && at < to; fields++) {
      int first = data[at];
      int index = first < 0 ? first & 0x7f : (first & 0x40) != 0 ? first & 0x3f : first & 0x0f;
      if (first >= 0x20 && first < 0x40 || index == 0) {
        return Verdict.NO; // a new size of the table, or a name that is none of these
      }
      if (index <= LAST_OF_REQUESTS) {
        return Verdict.OF_CLIENT;
      }
      if (index <= LAST_OF_ANSWERS) {
        return Verdict.OF_SERVER;
      }
      if (first >= 0 || index <= LAST_STATIC || index == 0x7f) {
        return Verdict.NO;
      }
      at++;
    }
    return at == to && to < end ? Verdict.NEED_MORE : Verdict.NO;
  }
}
