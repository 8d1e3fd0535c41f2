package io.sonde.pipeline.linking;

import io.sonde.pipeline.accounting.ReceiverAccount;
import java.util.List;

/**
 * Where Sonde as a receiver ends and its outputs begin: hands each trace to all of them and counts
 * its spans as accepted, refused or failed, as a Collector's receiver does with the next consumer.
 * Spans that are not sampled go only to outputs that take these too, and count as sampled out,
 * whether there is such an output or not.
 */
public final class Handover implements TraceSink {
  private final List<TraceSink> outputs;
  private final ReceiverAccount account;

  /**
   * @param account in spans
   */
  public Handover(List<TraceSink> outputs, ReceiverAccount account) {
    this.outputs = List.copyOf(outputs);
    this.account = account;
  }

  @Override
  public boolean accept(Trace trace) {
    boolean taken = true;
    try {
      for (TraceSink output : outputs) {
        if (trace.sampled() || output.takesUnsampled()) {
          taken &= output.accept(trace);
        }
      }
    } catch (RuntimeException e) { // told and counted in records by whoever called
      account.failed(trace.spans());
      throw e;
    }
    if (!trace.sampled()) {
      account.sampledOut(trace.spans());
    } else if (taken) {
      account.accepted(trace.spans());
    } else {
      account.refused(trace.spans());
    }
    return taken;
  }

  @Override
  public boolean hasRoom() {
    return outputs.stream().allMatch(TraceSink::hasRoom);
  }
}
