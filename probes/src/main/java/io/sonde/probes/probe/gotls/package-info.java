/**
 * The plaintext of Go's crypto/tls (Go 1.17 and later, x86-64), by uprobes within its functions,
 * also of stripped programs.
 *
 * <p>Attached after connections were opened, it reads them from the next operation on; which
 * connection they are is known with the first that writes.
 *
 * <p>What it cannot see: packages that are not crypto/tls (utls), and of TLS within TLS which
 * connection the inner conversation is of: it is counted as unmatched, the outer one is told.
 */
package io.sonde.probes.probe.gotls;
