package io.sonde.pipeline.export.otlp.queue;

import io.sonde.pipeline.export.otlp.request.OtlpRequest;
import io.sonde.pipeline.export.otlp.request.Signal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A queue that survives the process: see the package's description for what is guaranteed.
 *
 * <p>While the disk takes nothing, because it is full or fails, requests wait in memory (up to 8
 * MiB besides the bound, oldest dropped first) behind those on disk, and are moved there when it
 * takes them again. Old requests on disk are not given up for that: the space could be taken by
 * whoever filled the disk.
 */
public final class DiskQueue extends HoldingQueue {
  private static final Logger LOG = Logger.getLogger(DiskQueue.class.getName());
  private static final long OVERFLOW_BYTES = 8L << 20;
  private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(1);

  private final Path directory;
  private final Segments segments;
  private final Backlog overflow;
  private final long recovered;
  private boolean diskFails;
  private long failedAtNs;
  private boolean markTold;

  private DiskQueue(Path directory, long capacityBytes, LossListener losses, Segments segments) {
    super(capacityBytes, losses);
    this.directory = directory;
    this.segments = segments;
    this.overflow = new Backlog(Math.min(capacityBytes, OVERFLOW_BYTES), losses);
    this.recovered = segments.items();
    segments.shrink();
  }

  /**
   * Opens the queue in a directory, which is made when absent, with what an earlier run left in it.
   *
   * @param directory for this queue alone; other files in it are left alone
   * @param capacityBytes of all files of the queue together; dropping goes by a 16th of it
   */
  public static DiskQueue open(
      Path directory, Signal signal, long capacityBytes, LossListener losses)
      throws QueueOpenException {
    SegmentDirectory opened = SegmentDirectory.open(directory, signal);
    try {
      return new DiskQueue(
          directory, capacityBytes, losses, new Segments(opened, signal, capacityBytes, losses));
    } catch (IOException e) {
      QueueOpenException failure =
          new QueueOpenException(
              "cannot read the exporter's queue that an earlier run left in "
                  + directory
                  + ": "
                  + e
                  + "; check the disk and the permissions of the files, or choose another directory",
              e);
      try {
        opened.close();
      } catch (IOException again) {
        failure.addSuppressed(again);
      }
      throw failure;
    }
  }

  /**
   * Looks whether {@link #open} would find an existing directory fit, without touching it.
   *
   * @throws QueueOpenException when not; says why and what to do
   */
  public static void check(Path directory) throws QueueOpenException {
    try {
      SegmentDirectory.check(directory);
    } catch (IOException e) {
      throw new QueueOpenException("cannot look at " + directory + ": " + e, e);
    }
  }

  @Override
  void store(OtlpRequest request, long heldBytes) {
    boolean wait = diskFails && System.nanoTime() - failedAtNs < RETRY_NS;
    if (wait || !moveOverflow() || !append(request)) {
      overflow.add(request, heldBytes);
    }
  }

  /** False when some of it is still in memory. */
  private boolean moveOverflow() {
    while (!overflow.isEmpty()) {
      if (!append(overflow.first())) {
        return false;
      }
      overflow.poll();
    }
    return true;
  }

  private boolean append(OtlpRequest request) {
    try {
      segments.append(request);
    } catch (IOException e) {
      failed(e);
      return false;
    }
    if (diskFails) {
      diskFails = false;
      LOG.info(() -> "The exporter's queue in " + directory + " can be written again");
    }
    return true;
  }

  private void failed(IOException e) {
    LOG.log(
        diskFails ? Level.FINE : Level.SEVERE,
        () ->
            String.format(
                "The exporter's queue in %s cannot be written (%s); requests wait in memory, %d bytes"
                    + " at most, and what exceeds that is lost: make space on that disk",
                directory, e, overflow.capacityBytes()));
    diskFails = true;
    failedAtNs = System.nanoTime();
  }

  /** What is on disk is older than what is in memory. */
  @Override
  Held take() {
    Held stored = segments.next();
    if (stored != null) {
      return stored;
    }
    OtlpRequest request = overflow.poll();
    return request == null ? null : Held.inMemory(request);
  }

  @Override
  void done(Held request) {
    if (!request.onDisk()) {
      return;
    }
    try {
      request.file().markDone(request.header());
    } catch (IOException e) {
      LOG.log(
          markTold ? Level.FINE : Level.WARNING,
          () ->
              String.format(
                  "Cannot note in %s what is exported (%s): it would be exported again after a"
                      + " restart; check that disk",
                  directory, e));
      markTold = true;
    }
  }

  @Override
  void idle() {
    segments.clear();
  }

  @Override
  long storedBytes() {
    return segments.bytes() + overflow.bytes();
  }

  @Override
  long storedRequests() {
    return segments.requests() + overflow.requests();
  }

  @Override
  long storedItems() {
    return segments.items() + overflow.items();
  }

  @Override
  public long recovered() {
    return recovered;
  }

  @Override
  void end() {
    moveOverflow();
    overflow.end();
    try {
      segments.close();
    } catch (IOException e) {
      LOG.warning(() -> "Cannot close the exporter's queue in " + directory + ": " + e);
    }
  }
}
