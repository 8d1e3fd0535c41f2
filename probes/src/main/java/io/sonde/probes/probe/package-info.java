/**
 * What attaches in the kernel: one folder per probe, with its BPF program beside the class that
 * attaches it. Each is an object of its own, so that one refused by the verifier costs its feature
 * and nothing else. {@link io.sonde.probes.probe.Probes} is the list.
 */
package io.sonde.probes.probe;
