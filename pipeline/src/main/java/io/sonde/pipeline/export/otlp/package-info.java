/**
 * OTLP out: encoded by the exporters of opentelemetry-java, queued by {@link
 * io.sonde.pipeline.export.otlp.queue}, sent by {@link io.sonde.pipeline.export.otlp.transport}.
 */
package io.sonde.pipeline.export.otlp;
