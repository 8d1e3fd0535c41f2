package io.sonde.pipeline.export.otlp.queue;

import io.sonde.pipeline.export.otlp.request.OtlpRequest;

/** A queue that ends with the process: what is left when it is closed is lost, and told. */
public final class MemoryQueue extends HoldingQueue {
  private final Backlog backlog;

  /**
   * @param capacityBytes all bodies together, with 64 bytes for each
   */
  public MemoryQueue(long capacityBytes, LossListener losses) {
    super(capacityBytes, losses);
    this.backlog = new Backlog(capacityBytes, losses);
  }

  @Override
  void store(OtlpRequest request, long heldBytes) {
    backlog.add(request, heldBytes);
  }

  @Override
  Held take() {
    OtlpRequest oldest = backlog.poll();
    return oldest == null ? null : Held.inMemory(oldest);
  }

  @Override
  long storedBytes() {
    return backlog.bytes();
  }

  @Override
  long storedRequests() {
    return backlog.requests();
  }

  @Override
  long storedItems() {
    return backlog.items();
  }

  @Override
  public long recovered() {
    return 0;
  }

  @Override
  void end() {
    backlog.end();
  }
}
