/**
 * The plaintext of Go's crypto/tls (Go 1.17 and later, x86-64), by uprobes within its functions,
 * also of stripped programs.
 *
 * <p>What it cannot see: packages that are not crypto/tls (utls, boring's own), and TLS within TLS:
 * there the inner conversation of the two is captured.
 */
package io.sonde.probes.probe.gotls;
