/**
 * The plaintext of TLS libraries, by uprobes on the functions through which programs read and write
 * it. Which socket a session is of is found in the kernel (tls_session.bpf.h), with what the socket
 * probe sees within the library's calls.
 *
 * <p>What it cannot see: TLS that is done by no library with such functions (Java's own, rustls
 * without symbols), data moved by {@code SSL_sendfile} or as early data, and calls within calls on
 * one thread (TLS within TLS: the outer call is captured, which is the inner conversation).
 */
package io.sonde.probes.probe.tls;
