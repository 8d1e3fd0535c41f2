package io.sonde.probes.probe.files;

import io.sonde.probes.elf.x86.Price;

/**
 * One place in a file at which a program is to run.
 *
 * @param program by its name in the C source
 * @param atReturn whether it runs when the function that begins there returns
 * @param argument what the program has to know of this place besides; 32 bits
 * @param name of the function, as in messages
 * @param offset in the file, of the first byte of an instruction
 */
public record Hook(
    String program,
    boolean atReturn,
    HookFunction function,
    int argument,
    String name,
    long offset,
    Price price) {
  private static final int FILE_SHIFT = 16;
  private static final int ARGUMENT_SHIFT = 32;

  /** One whose program has to know nothing besides the function. */
  public Hook(
      String program,
      boolean atReturn,
      HookFunction function,
      String name,
      long offset,
      Price price) {
    this(program, atReturn, function, 0, name, offset, price);
  }

  /**
   * What it is attached with: from the lowest bit on 16 for the function, 16 for the file, 32 for
   * the argument.
   *
   * @param file its number in the map of hits, 0..1023
   */
  public long attachCookie(int file) {
    return (long) argument << ARGUMENT_SHIFT | (long) file << FILE_SHIFT | function.number();
  }
}
