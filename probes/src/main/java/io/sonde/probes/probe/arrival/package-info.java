/**
 * True queue time in any language. Hook: tp_btf sk_data_ready (kernel 6.3), in softirq. Cost: about
 * 60 ns per segment of an untraced socket, 160 ns of a traced one.
 */
package io.sonde.probes.probe.arrival;
