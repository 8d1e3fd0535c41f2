package io.sonde.probes.probe.tls;

/**
 * What becomes of the TLS in one file of a process, for those who ask.
 *
 * @param file as the process sees it
 * @param hooked whether it is read
 * @param detail what is hooked, or why nothing is, as a part of a sentence
 */
public record TlsReport(String file, boolean hooked, String detail) {}
