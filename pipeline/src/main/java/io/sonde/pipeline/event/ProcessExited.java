package io.sonde.pipeline.event;

/**
 * A process has ended. Activity that it did before may have been told already, none comes after.
 */
public record ProcessExited(int pid, long startNs, long timeNs) {}
