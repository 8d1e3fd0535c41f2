package io.sonde.pipeline.accounting;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counts of one stage: {@code in = out + pending + sum of losses}. Safe for use by many threads.
 */
public final class Account {
  private final String stage;
  private final LongAdder in = new LongAdder();
  private final LongAdder out = new LongAdder();
  private final LongAdder[] lost = new LongAdder[LossCause.values().length];

  public Account(String stage) {
    this.stage = stage;
    for (int i = 0; i < lost.length; i++) {
      lost[i] = new LongAdder();
    }
  }

  /** Label value of the stage: {@code decode}, {@code export_traces} … */
  public String stage() {
    return stage;
  }

  public void in(long n) {
    in.add(n);
  }

  public void out(long n) {
    out.add(n);
  }

  public void lost(LossCause cause, long n) {
    lost[cause.ordinal()].add(n);
  }

  public long inTotal() {
    return in.sum();
  }

  public long outTotal() {
    return out.sum();
  }

  public long lostTotal(LossCause cause) {
    return lost[cause.ordinal()].sum();
  }

  /** What has come in and neither gone out nor been lost; exact while nothing is being counted. */
  public long pending() {
    long pending = inTotal() - outTotal();
    for (LongAdder losses : lost) {
      pending -= losses.sum();
    }
    return pending;
  }
}
