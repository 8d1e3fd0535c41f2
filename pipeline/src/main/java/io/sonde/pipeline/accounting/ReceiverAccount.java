package io.sonde.pipeline.accounting;

import java.util.concurrent.atomic.LongAdder;

/**
 * What Sonde, looked at as a receiver of a Collector, made of one signal and whether its outputs
 * took it. Safe for use by many threads. All that was made is in exactly one of four:
 *
 * <ul>
 *   <li>accepted: every output took it. What becomes of it there is the exporter's to tell.
 *   <li>refused: an output had no room for it and lost it; another one may have taken it, as with
 *       the Collector's fan-out
 *   <li>failed: a defect of Sonde met while it was made or handed over
 *   <li>sampled out: the sampler did not choose it, as was configured; nothing is missing
 * </ul>
 */
public final class ReceiverAccount {
  private final LongAdder accepted = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder sampledOut = new LongAdder();

  public void accepted(long items) {
    accepted.add(items);
  }

  public void refused(long items) {
    refused.add(items);
  }

  public void failed(long items) {
    failed.add(items);
  }

  public void sampledOut(long items) {
    sampledOut.add(items);
  }

  public long acceptedTotal() {
    return accepted.sum();
  }

  public long refusedTotal() {
    return refused.sum();
  }

  public long failedTotal() {
    return failed.sum();
  }

  public long sampledOutTotal() {
    return sampledOut.sum();
  }
}
