package io.sonde.server.recording.redaction;

import io.sonde.pipeline.protocol.http2.hpack.Huffman;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/**
 * The header blocks of one direction of HTTP/2 (RFC 7541 §6), redacted byte by byte: values are
 * blanked in place, whatever is an index stays. What an index stands for is known by counting what
 * was put into the dynamic table: an index is a number from the newest entry, however many old ones
 * are gone.
 *
 * <p>A value that is not kept becomes asterisks, or where it is coded by Huffman's code the letter
 * X, whose code is eight bits long.
 */
final class HeaderBlocks {
  private enum At {
    FIELD,
    INDEX,
    NAME_LENGTH,
    NAME,
    VALUE_LENGTH,
    VALUE,
    REFUSED
  }

  /** What becomes of the values of a field. */
  private enum Kind {
    BLANKED,
    KEPT,
    PATH,
    CONTENT_TYPE;

    static final Kind[] ALL = values();
  }

  /** Beside those of HTTP/1. */
  private static final Set<String> KEPT =
      Set.of(
          ":authority",
          ":method",
          ":protocol",
          ":scheme",
          ":status",
          "grpc-accept-encoding",
          "grpc-encoding",
          "grpc-status",
          "grpc-timeout");

  private static final int STATIC_ENTRIES = 61;

  /** Larger numbers are no lengths of anything that is captured. */
  private static final int MAX_NUMBER = 1 << 24;

  /** Entries of a table of the usual 4 KiB are at most 128, of the largest that is common 2,048. */
  private static final int MAX_ENTRIES = 4096;

  private static final int MAX_NAME = 64;
  private static final String GRPC = "application/grpc";

  /** Code of the letter X (RFC 7541 Appendix B). */
  private static final int HUFFMAN_X = 0xfc;

  private At at = At.FIELD;

  // Of the number that is being read.
  private int number;
  private int shift;

  /** Of the field: whether it goes into the table, and what is to become of its value. */
  private boolean inserted;

  private Kind kind;
  private boolean indexedWhole;

  // Of the string that is being read.
  private boolean huffman;
  private int left;
  private int node;
  private int characters;
  private boolean blanking;

  /** How many bits of the letter X are in the byte before. */
  private int begun;

  private final StringBuilder text = new StringBuilder();

  /** By insertion; what is beyond the last so many is not known. */
  private final byte[] table = new byte[MAX_ENTRIES];

  private long entries;

  private boolean grpc;

  /** A block begins. */
  void start() {
    grpc = false;
  }

  /**
   * The block has ended.
   *
   * @return false when it cannot have ended here
   */
  boolean end() {
    return at == At.FIELD;
  }

  /** Whether the content type of the block was that of gRPC. */
  boolean isGrpc() {
    return grpc;
  }

  /**
   * @return false when it cannot be followed any more: the rest is blanked
   */
  boolean redact(byte[] data, int from, int to) {
    for (int i = from; i < to; i++) {
      next(data, i);
      if (at == At.REFUSED) {
        Blank.data(data, i, to);
        return false;
      }
    }
    return true;
  }

  private void next(byte[] data, int i) {
    int b = data[i] & 0xff;
    switch (at) {
      case FIELD -> field(b);
      case INDEX -> {
        if (more(b)) {
          index();
        }
      }
      case NAME_LENGTH, VALUE_LENGTH -> length(b);
      case NAME -> {
        read(b);
        endStringIfOver();
      }
      case VALUE -> {
        value(data, i);
        endStringIfOver();
      }
      case REFUSED -> throw new IllegalStateException("nothing is read any more");
    }
  }

  /** §6: the first bits tell which of the representations it is. */
  private void field(int b) {
    inserted = false;
    indexedWhole = (b & 0x80) != 0;
    int mask = 0x0f;
    if (indexedWhole) {
      mask = 0x7f;
    } else if ((b & 0x40) != 0) {
      mask = 0x3f;
      inserted = true;
    } else if ((b & 0x20) != 0) { // dynamic table size update: entries keep their order
      mask = 0x1f;
      indexedWhole = true;
    }
    boolean update = indexedWhole && mask == 0x1f;
    kind = update ? null : Kind.BLANKED;
    at = At.INDEX;
    if (number(b, mask)) {
      index();
    }
  }

  private void index() {
    if (indexedWhole) {
      if (kind != null && number > STATIC_ENTRIES && entry(number) < 0) {
        grpc = true;
      }
      at = At.FIELD;
    } else if (number == 0) {
      at = At.NAME_LENGTH;
      shift = -1;
    } else {
      kind = number <= STATIC_ENTRIES ? ofStatic(number) : Kind.ALL[entry(number) & 0x7f];
      at = At.VALUE_LENGTH;
      shift = -1;
    }
  }

  /** Of an index beyond the static table; {@link Kind#BLANKED} when it is not known. */
  private byte entry(int index) {
    long back = index - STATIC_ENTRIES; // 1: the newest
    boolean known = back <= entries && back <= MAX_ENTRIES;
    return known ? table[(int) ((entries - back) % MAX_ENTRIES)] : 0;
  }

  /** Those of Appendix A whose values are kept. */
  private static Kind ofStatic(int index) {
    return switch (index) {
      case 4, 5 -> Kind.PATH;
      case 31 -> Kind.CONTENT_TYPE;
      case 1, 2, 3, 6, 7, 8, 9, 10, 11, 12, 13, 14, 19, 26, 28, 33, 35, 38, 54, 57, 58 -> Kind.KEPT;
      default -> Kind.BLANKED;
    };
  }

  private static Kind ofName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return switch (lower) {
      case ":path" -> Kind.PATH;
      case "content-type" -> Kind.CONTENT_TYPE;
      default -> KEPT.contains(lower) || Fields.KEPT.contains(lower) ? Kind.KEPT : Kind.BLANKED;
    };
  }

  private void length(int b) {
    boolean read;
    if (shift < 0) {
      huffman = (b & 0x80) != 0;
      read = number(b, 0x7f);
    } else {
      read = more(b);
    }
    if (!read || at == At.REFUSED) {
      return;
    }
    left = number;
    node = Huffman.ROOT;
    characters = 0;
    text.setLength(0);
    at = at == At.NAME_LENGTH ? At.NAME : At.VALUE;
    blanking = at == At.VALUE && kind == Kind.BLANKED;
    begun = 0;
    endStringIfOver();
  }

  private void endStringIfOver() {
    if (at == At.REFUSED || left > 0) {
      return;
    }
    if (at == At.NAME) {
      kind = ofName(text.toString());
      at = At.VALUE_LENGTH;
      shift = -1;
      return;
    }
    boolean ofGrpc = kind == Kind.CONTENT_TYPE && isGrpc(text);
    grpc |= ofGrpc;
    if (inserted) {
      table[(int) (entries++ % MAX_ENTRIES)] = (byte) (kind.ordinal() | (ofGrpc ? 0x80 : 0));
    }
    at = At.FIELD;
  }

  /** {@code application/grpc}, with {@code +proto} and the like or parameters; not gRPC-Web. */
  private static boolean isGrpc(CharSequence type) {
    if (type.length() < GRPC.length() || !GRPC.contentEquals(type.subSequence(0, GRPC.length()))) {
      return false;
    }
    char next = type.length() == GRPC.length() ? ';' : type.charAt(GRPC.length());
    return next == '+' || next == ';';
  }

  /** A byte of a string that is kept, or of a name. */
  private void read(int b) {
    left--;
    if (!huffman) {
      character((char) b);
      return;
    }
    for (int bit = 7; bit >= 0 && at != At.REFUSED; bit--) {
      bit(b >> bit & 1);
    }
  }

  /** Whether it ended a character. */
  private boolean bit(int bit) {
    node = Huffman.next(node, bit);
    if (node >= 0) {
      return false;
    }
    int symbol = ~node;
    node = Huffman.ROOT;
    if (symbol == Huffman.EOS) {
      at = At.REFUSED;
      return false;
    }
    character((char) symbol);
    return true;
  }

  private void character(char c) {
    characters++;
    if (text.length() < MAX_NAME) {
      text.append(c);
    }
  }

  private void value(byte[] data, int i) {
    if (blanking) {
      left--;
      data[i] = huffman ? rotatedX() : Blank.TEXT;
    } else if (kind == Kind.KEPT) {
      left--;
    } else if (kind == Kind.CONTENT_TYPE) {
      read(data[i] & 0xff);
    } else if (huffman) {
      huffmanPath(data, i);
    } else {
      path(data, i);
    }
  }

  private void path(byte[] data, int i) {
    read(data[i] & 0xff);
    char c = text.charAt(text.length() - 1);
    if (characters == 1 && !beginsPath(c)) {
      data[i] = Blank.TEXT;
    }
    blanking = endsPath(c);
    text.setLength(0);
  }

  /** Bit by bit: the character that ends the path is kept, and what follows becomes X. */
  private void huffmanPath(byte[] data, int i) {
    left--;
    int b = data[i] & 0xff;
    for (int bits = 7; bits >= 0 && at != At.REFUSED && !blanking; bits--) {
      if (bit(b >> bits & 1)) {
        char c = text.charAt(0);
        text.setLength(0);
        if (characters == 1 && !beginsPath(c) && left == number - 1) { // within the first byte
          blanking = true;
          begun = 0;
          data[i] = rotatedX();
        } else if (endsPath(c)) {
          blanking = true;
          begun = bits;
          int mask = (1 << bits) - 1;
          data[i] = (byte) (data[i] & ~mask | rotatedX() & mask);
        }
      }
    }
  }

  /**
   * The end of one X and the beginning of the next, where the first began in the last bits of a
   * byte; at the end of the string what has begun is a padding, which is all ones (§5.2).
   */
  private byte rotatedX() {
    int rotated = HUFFMAN_X << begun | HUFFMAN_X >> 8 - begun;
    int padding = (1 << begun) - 1;
    return (byte) (left == 0 ? rotated | padding : rotated);
  }

  private static boolean beginsPath(char c) {
    return c == '/' || c == '*';
  }

  /** Query, path parameters: what follows may be a secret. And what is no path at all. */
  private boolean endsPath(char c) {
    return c == '?' || c == ';' || characters == 1 && !beginsPath(c);
  }

  // Numbers, §5.1.

  /**
   * @return whether it is in the first byte as a whole
   */
  private boolean number(int b, int mask) {
    number = b & mask;
    shift = 0;
    return number < mask;
  }

  /**
   * @return whether it has ended
   */
  private boolean more(int b) {
    if (shift > 21) {
      at = At.REFUSED;
      return false;
    }
    number += (b & 0x7f) << shift;
    shift += 7;
    if (number > MAX_NUMBER) {
      at = At.REFUSED;
      return false;
    }
    return (b & 0x80) == 0;
  }

  /** What the table held is not known any more. */
  void forget() {
    Arrays.fill(table, (byte) 0);
    entries = 0;
  }
}
