package io.sonde.pipeline.export.otlp.queue;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.export.otlp.request.OtlpRequest;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What all queues do alike: one lock, waiting, and holding a request for the consumer, which is out
 * of the reach of dropping since it is no longer in the store. What a kind overrides is called
 * under the lock.
 */
abstract class HoldingQueue implements SendingQueue {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final long capacityBytes;
  private final LossListener losses;
  private Held held;
  private boolean closed;

  HoldingQueue(long capacityBytes, LossListener losses) {
    this.capacityBytes = capacityBytes;
    this.losses = losses;
  }

  /**
   * Puts it at the end, dropping and telling what must go.
   *
   * @param heldBytes of memory that the held request needs
   */
  abstract void store(OtlpRequest request, long heldBytes);

  /** Takes the oldest out of the store; null when there is none. */
  abstract Held take();

  /** The held request need not be kept any longer. */
  void done(Held request) {}

  /** There was nothing to take for the whole timeout. */
  void idle() {}

  abstract long storedBytes();

  abstract long storedRequests();

  abstract long storedItems();

  /** Keeps for the next start what can be kept, and tells the rest as lost. */
  abstract void end();

  @Override
  public final void offer(OtlpRequest request) {
    lock.lock();
    try {
      if (closed) {
        losses.lost(LossCause.EXPORT_SHUTDOWN, request.items());
        return;
      }
      store(request, heldBytes());
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public final OtlpRequest peek(Duration timeout) throws InterruptedException {
    long left = TimeUnit.NANOSECONDS.convert(timeout);
    lock.lockInterruptibly();
    try {
      while (!closed) {
        if (held == null) {
          held = take();
        }
        if (held != null) {
          return held.request();
        }
        if (left <= 0) {
          idle();
          return null;
        }
        left = changed.awaitNanos(left);
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public final boolean remove() {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      if (held == null) {
        throw new IllegalStateException("nothing was peeked");
      }
      done(held);
      held = null;
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public final long bytes() {
    lock.lock();
    try {
      return heldBytes() + storedBytes();
    } finally {
      lock.unlock();
    }
  }

  private long heldBytes() {
    return held == null ? 0 : held.memoryBytes();
  }

  @Override
  public final long capacityBytes() {
    return capacityBytes;
  }

  @Override
  public final long requests() {
    lock.lock();
    try {
      return (held == null ? 0 : 1) + storedRequests();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public final long items() {
    lock.lock();
    try {
      return (held == null ? 0 : held.request().items()) + storedItems();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public final void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      changed.signalAll();
      if (held != null && !held.onDisk()) {
        losses.lost(LossCause.EXPORT_SHUTDOWN, held.request().items());
        held = null;
      }
      end();
    } finally {
      lock.unlock();
    }
  }
}
