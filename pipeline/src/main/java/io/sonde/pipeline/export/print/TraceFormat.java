package io.sonde.pipeline.export.print;

import io.sonde.pipeline.linking.Trace;

/** Writes a trace as text. */
@FunctionalInterface
interface TraceFormat {
  /** Appends one trace, line end included. */
  void write(Trace trace, StringBuilder out);
}
