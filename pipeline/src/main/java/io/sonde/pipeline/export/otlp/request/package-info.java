/**
 * What is exported: one encoded OTLP request, the unit that is queued, stored, sent and counted.
 */
package io.sonde.pipeline.export.otlp.request;
