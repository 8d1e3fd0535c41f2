package io.sonde.contract.log;

/** How a log line is written; names as Beyla's {@code log_format}. */
public enum LogFormat {
  /** logfmt, as Alloy: {@code ts=… level=info msg="…" key=value}. */
  TEXT,
  /** One JSON object a line, as a Collector with {@code encoding: json}. */
  JSON
}
