package io.sonde.probes.probe;

/**
 * Whether a probe is at work.
 *
 * @param reason why not, in a sentence; empty when attached
 */
public record ProbeStatus(String name, boolean attached, String reason) {}
