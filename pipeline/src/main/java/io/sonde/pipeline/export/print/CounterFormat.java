package io.sonde.pipeline.export.print;

import io.sonde.pipeline.linking.Trace;

/** A running count instead of the traces. */
final class CounterFormat implements TraceFormat {
  private long count;

  @Override
  public void write(Trace trace, StringBuilder out) {
    out.append("Processed ").append(++count).append(" requests\n");
  }
}
