package io.sonde.pipeline.identity;

import io.sonde.pipeline.identity.ServiceOverrides.Export;
import java.util.EnumSet;
import java.util.Set;

/**
 * The signals that a process has been seen to export itself. One object for each process instance,
 * shared by all that Sonde calls it in its life. Safe for many threads.
 */
final class OwnExports {
  /**
   * A process that runs one program: an exec makes it another.
   *
   * @param kernel where pids and start times are unique
   */
  record Instance(String kernel, int pid, long startNs, String executable) {}

  private final Instance instance;
  private final GrpcExports grpc;
  private volatile Set<Export> signals = Set.of();
  private volatile boolean forwarding;

  OwnExports(Instance instance, GrpcExports grpc) {
    this.instance = instance;
    this.grpc = grpc;
  }

  static OwnExports ofUnknown(int pid) {
    return new OwnExports(new Instance("", pid, 0, ""), GrpcExports.NONE);
  }

  Instance instance() {
    return instance;
  }

  GrpcExports grpc() {
    return grpc;
  }

  boolean has(Export signal) {
    return signals.contains(signal);
  }

  /**
   * @return whether it is new
   */
  synchronized boolean add(Export signal) {
    if (forwarding || has(signal)) {
      return false;
    }
    Set<Export> more = EnumSet.of(signal);
    more.addAll(signals);
    signals = Set.copyOf(more);
    return true;
  }

  /**
   * It is sent telemetry, so what it sends may be that: nothing is taken for its own any more.
   *
   * @return whether that is new
   */
  synchronized boolean forward() {
    boolean news = !forwarding;
    forwarding = true;
    signals = Set.of();
    return news;
  }

  boolean isForwarding() {
    return forwarding;
  }
}
