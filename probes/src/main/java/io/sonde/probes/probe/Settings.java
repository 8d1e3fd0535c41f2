package io.sonde.probes.probe;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Knobs of the BPF programs, {@code struct settings} of settings.bpf.h.
 *
 * @param requestBytes captured at most per turn in the request direction, 0..8192
 * @param responseBytes the same in the answer direction
 * @param maxConnections tracked at a time
 * @param selectByExecutable whether an exec can select a process
 * @param ownPid never traced
 * @param idleMs a connection silent for this long is summarised
 * @param tls whether TLS libraries are hooked
 * @param goroutines whether Go programs are hooked where their goroutines are told apart; of this
 *     and the next one the programs know nothing
 * @param goRoutes and where their frameworks have found a route
 */
public record Settings(
    int requestBytes,
    int responseBytes,
    int maxConnections,
    boolean selectByExecutable,
    int ownPid,
    int idleMs,
    boolean tls,
    boolean goroutines,
    boolean goRoutes) {
  static final int SIZE = 7 * Integer.BYTES;

  /** The struct, in field order. */
  byte[] image() {
    return ByteBuffer.allocate(SIZE)
        .order(ByteOrder.nativeOrder())
        .putInt(requestBytes)
        .putInt(responseBytes)
        .putInt(maxConnections)
        .putInt(selectByExecutable ? 1 : 0)
        .putInt(ownPid)
        .putInt(idleMs)
        .putInt(tls ? 1 : 0)
        .array();
  }
}
