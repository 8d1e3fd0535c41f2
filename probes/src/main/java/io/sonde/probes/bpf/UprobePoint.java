package io.sonde.probes.bpf;

/**
 * Where a program is hooked in a file.
 *
 * @param offset of an instruction's first byte, from the start of the file (not an address)
 * @param cookie what bpf_get_attach_cookie() gives there
 */
public record UprobePoint(long offset, long cookie) {}
