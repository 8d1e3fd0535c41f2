package io.sonde.probes.elf;

/**
 * A function that a file defines ({@code Elf64_Sym}).
 *
 * @param address virtual
 * @param size bytes of code as the file says, 0 when it does not
 */
public record Symbol(String name, long address, long size) {}
