package io.sonde.pipeline.export.otlp.queue;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.export.otlp.request.OtlpRequest;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A queue that ends with the process: what is left when it is closed is lost, and told. */
public final class MemoryQueue implements SendingQueue {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final long capacityBytes;
  private final LossListener losses;
  private final Backlog backlog;
  private OtlpRequest held;
  private boolean closed;

  /**
   * @param capacityBytes all bodies together, with 64 bytes for each
   */
  public MemoryQueue(long capacityBytes, LossListener losses) {
    this.capacityBytes = capacityBytes;
    this.losses = losses;
    this.backlog = new Backlog(capacityBytes, losses);
  }

  @Override
  public void offer(OtlpRequest request) {
    lock.lock();
    try {
      if (closed) {
        losses.lost(LossCause.EXPORT_SHUTDOWN, request.items());
        return;
      }
      backlog.add(request, heldBytes());
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public OtlpRequest peek(Duration timeout) throws InterruptedException {
    long left = TimeUnit.NANOSECONDS.convert(timeout);
    lock.lockInterruptibly();
    try {
      while (held == null && backlog.isEmpty() && !closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      if (held == null) {
        held = backlog.poll();
      }
      return held;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean remove() {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      if (held == null) {
        throw new IllegalStateException("nothing was peeked");
      }
      held = null;
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long bytes() {
    lock.lock();
    try {
      return heldBytes() + backlog.bytes();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long capacityBytes() {
    return capacityBytes;
  }

  @Override
  public long requests() {
    lock.lock();
    try {
      return (held == null ? 0 : 1) + backlog.requests();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long items() {
    lock.lock();
    try {
      return (held == null ? 0 : held.items()) + backlog.items();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long recovered() {
    return 0;
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      while (held != null || !backlog.isEmpty()) {
        if (held != null) {
          losses.lost(LossCause.EXPORT_SHUTDOWN, held.items());
        }
        held = backlog.poll();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private long heldBytes() {
    return held == null ? 0 : Backlog.cost(held);
  }
}
