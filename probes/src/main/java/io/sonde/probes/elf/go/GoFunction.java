package io.sonde.probes.elf.go;

/**
 * A function of a Go program.
 *
 * @param name with its package and receiver, e.g. {@code crypto/tls.(*Conn).Read}
 * @param start virtual address of its first instruction
 * @param end where the next one starts; filling bytes may precede that
 */
public record GoFunction(String name, long start, long end) {}
