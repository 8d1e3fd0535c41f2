package io.sonde.pipeline.protocol.http2.hpack;

import io.sonde.pipeline.protocol.MalformedMessageException;

/**
 * Strings coded by RFC 7541 Appendix B, decoded four bits at a time by a table. The code is
 * canonical (§5.2): the lengths of its symbols say all of it.
 */
public final class Huffman {
  /** By symbol; the last is EOS. */
  private static final byte[] LENGTHS = {
    13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, //
    28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28, //
    6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, //
    5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10, //
    13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, //
    7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, //
    15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, //
    6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, //
    20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, //
    24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, //
    22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, //
    21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23, //
    26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, //
    19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27, //
    20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, //
    26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, //
    30
  };

  /** No character: it has no place in a string. */
  public static final int EOS = 256;

  private static final int LONGEST = 30;

  /** A code with as many leaves has one inner node less. */
  private static final int NODES = EOS;

  /** Where a string begins, and each character. */
  public static final int ROOT = 0;

  // An entry of STEPS: node to go on from, then flags, then the symbol.
  private static final int NODE_SHIFT = 16;
  private static final int EMITS = 1 << 8;
  private static final int FAILS = 1 << 9;

  /** By node, then by the next four bits. */
  private static final int[] STEPS = new int[NODES << 4];

  /** By node: the bits since the last symbol are a padding (§5.2), fewer than 8 and all ones. */
  private static final boolean[] ENDS = new boolean[NODES];

  /** By node, by bit: another node, or the complement of a symbol. */
  private static final int[][] TREE = tree();

  static {
    for (int node = 0; node < NODES; node++) {
      for (int bits = 0; bits < 16; bits++) {
        STEPS[node << 4 | bits] = step(TREE, node, bits);
      }
    }
    int node = ROOT;
    for (int ones = 0; ones < 8; ones++) {
      ENDS[node] = true;
      node = TREE[node][1];
    }
  }

  private Huffman() {}

  /**
   * For who reads bit by bit.
   *
   * @param node {@link #ROOT} or what this gave for the bit before
   * @return the next node, or the complement of a symbol, after which it goes on from the root
   */
  public static int next(int node, int bit) {
    return TREE[node][bit];
  }

  private static int[][] tree() {
    int[][] tree = new int[NODES][2];
    int nodes = 1;
    int code = 0;
    for (int length = 1; length <= LONGEST; length++) {
      code <<= 1;
      for (int symbol = 0; symbol <= EOS; symbol++) {
        if (LENGTHS[symbol] != length) {
          continue;
        }
        int node = ROOT;
        for (int bit = length - 1; bit > 0; bit--) {
          int way = code >>> bit & 1;
          if (tree[node][way] == 0) {
            tree[node][way] = nodes++;
          }
          node = tree[node][way];
        }
        tree[node][code & 1] = ~symbol;
        code++;
      }
    }
    return tree;
  }

  private static int step(int[][] tree, int from, int bits) {
    int node = from;
    int emitted = 0;
    for (int bit = 3; bit >= 0; bit--) {
      node = tree[node][bits >>> bit & 1];
      if (node == ~EOS) {
        return FAILS;
      }
      if (node < 0) { // at most once: no code is shorter than five bits
        emitted = EMITS | ~node;
        node = ROOT;
      }
    }
    return node << NODE_SHIFT | emitted;
  }

  /**
   * Decodes into {@code into}, as much as fits there.
   *
   * @return length of the whole string
   */
  static int decode(byte[] data, int from, int to, byte[] into) throws MalformedMessageException {
    int node = ROOT;
    int length = 0;
    for (int at = from; at < to; at++) {
      for (int shift = 4; shift >= 0; shift -= 4) {
        int step = STEPS[node << 4 | data[at] >>> shift & 0xf];
        if ((step & FAILS) != 0) {
          throw new MalformedMessageException("hpack", at, "no EOS within a string");
        }
        if ((step & EMITS) != 0) {
          if (length < into.length) {
            into[length] = (byte) step;
          }
          length++;
        }
        node = step >>> NODE_SHIFT;
      }
    }
    if (!ENDS[node]) {
      throw new MalformedMessageException("hpack", to, "a padding of ones");
    }
    return length;
  }
}
