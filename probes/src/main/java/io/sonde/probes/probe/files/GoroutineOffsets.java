package io.sonde.probes.probe.files;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Where a Go program keeps what tells its goroutines apart, in bytes; {@code struct go_process} of
 * maps.bpf.h.
 *
 * @param g of the running goroutine's address, from the thread's fs base; 0: to be found by a
 *     program that runs in the process's functions
 * @param goid in {@code runtime.g}
 * @param parent of parentGoid in {@code runtime.g}; -1: there is none
 * @param curg in {@code runtime.m}
 */
public record GoroutineOffsets(int g, int goid, int parent, int curg) {
  byte[] image() {
    return ByteBuffer.allocate(4 * Integer.BYTES)
        .order(ByteOrder.nativeOrder())
        .putInt(g)
        .putInt(goid)
        .putInt(parent)
        .putInt(curg)
        .array();
  }
}
