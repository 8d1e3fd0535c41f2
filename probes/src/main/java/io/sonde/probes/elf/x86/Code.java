package io.sonde.probes.elf.x86;

import java.nio.ByteBuffer;

/** Looks at bytes of code that may end too early. */
final class Code {
  static final int[] ENDBR64 = {0xf3, 0x0f, 0x1e, 0xfa};

  /** Of a pattern: any byte. */
  static final int ANY = -1;

  private Code() {}

  /** -1 behind the end. */
  static int unsigned(ByteBuffer code, int at) {
    return at < code.limit() ? code.get(at) & 0xff : -1;
  }

  static boolean matches(ByteBuffer code, int at, int... pattern) {
    if (pattern.length > code.limit() - at) {
      return false;
    }
    for (int i = 0; i < pattern.length; i++) {
      if (pattern[i] != ANY && unsigned(code, at + i) != pattern[i]) {
        return false;
      }
    }
    return true;
  }
}
