package io.sonde.probes.elf;

import java.nio.ByteBuffer;

/**
 * {@code Elf64_Sym}.
 *
 * <pre>
 *   |name (4)|info (1)|other (1)|section (2)|value (8)|size (8)|
 * </pre>
 */
final class SymbolEntry {
  static final int SIZE = 24;

  private static final int STT_FUNC = 2;
  private static final int UNDEFINED = 0;

  private SymbolEntry() {}

  /** Whether it is a function that this file defines. */
  static boolean isFunction(ByteBuffer table, int at) {
    return (table.get(at + 4) & 0xf) == STT_FUNC
        && table.getShort(at + 6) != UNDEFINED
        && table.getLong(at + 8) != 0;
  }

  /** Offset of its name among the strings. */
  static long name(ByteBuffer table, int at) {
    return Integer.toUnsignedLong(table.getInt(at));
  }

  static Symbol symbol(String name, ByteBuffer table, int at) {
    return new Symbol(name, table.getLong(at + 8), Math.max(table.getLong(at + 16), 0));
  }
}
