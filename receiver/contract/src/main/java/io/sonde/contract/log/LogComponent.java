package io.sonde.contract.log;

/**
 * Which component of a Collector speaks, were Sonde one: the values of {@code
 * otelcol.component.kind} and {@code otelcol.component.id}.
 *
 * @param kind receiver, exporter or extension
 * @param id as it would be in the Collector's configuration: {@code otlp}
 */
public record LogComponent(String kind, String id) {
  /** Whatever has to do with capturing and understanding what was captured. */
  public static final LogComponent RECEIVER = new LogComponent("receiver", "sonde");
}
