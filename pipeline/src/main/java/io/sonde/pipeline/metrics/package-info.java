/**
 * Exchanges counted into histograms, per service and attribute set. One store, two views of it: the
 * OTLP exporter and the Prometheus page both read {@link
 * io.sonde.pipeline.metrics.MetricStore#collect}.
 */
package io.sonde.pipeline.metrics;
