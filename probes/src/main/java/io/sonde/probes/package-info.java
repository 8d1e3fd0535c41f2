/**
 * The privileged half: loads BPF, reads its ring buffer, reads facts from /proc, and sends both to
 * the receiver. It may see every byte of the host's traffic, so it understands none of it: no
 * protocol is parsed here, no port opened, no configuration file read.
 */
package io.sonde.probes;
