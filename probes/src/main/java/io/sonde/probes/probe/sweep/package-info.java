/**
 * Iterator over the socket storage map (kernel 5.9), a few times a second. Cost: about 100 ns per
 * tracked socket.
 */
package io.sonde.probes.probe.sweep;
