package io.sonde.server.recording.redaction;

import java.util.Arrays;

/** What stands for blanked bytes. */
final class Blank {
  /** Legal wherever a head may hold anything at all. */
  static final byte TEXT = '*';

  /** No start of anything: a decoder that loses its way among these does not find one. */
  private static final byte DATA = 0;

  private Blank() {}

  static void data(byte[] bytes, int from, int to) {
    Arrays.fill(bytes, from, to, DATA);
  }
}
