package io.sonde.probes.probe.existing;

/**
 * A listening TCP socket and a process that holds it, {@code struct listener} of existing.bpf.c.
 *
 * @param pid in the host's pid namespace
 * @param netns inode number of the network namespace that it listens in
 * @param port 1..65535
 */
public record Listener(int pid, long netns, int port) {
  static final int SIZE = 3 * Integer.BYTES;
}
