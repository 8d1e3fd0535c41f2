package io.sonde.probes.probe.tls;

import io.sonde.probes.elf.x86.Price;

/**
 * One place in a file at which a program is to run.
 *
 * @param program by its name in tls.bpf.c
 * @param atReturn whether it runs when the function that begins there returns
 * @param name of the function, as in messages
 * @param offset in the file, of the first byte of an instruction
 */
public record TlsHook(
    String program, boolean atReturn, TlsFunction function, String name, long offset, Price price) {
  /** Before a function of a C library does its work. */
  public static final String ON_CALL = "on_call";

  /** When it has returned. */
  public static final String ON_RETURN = "on_return";
}
