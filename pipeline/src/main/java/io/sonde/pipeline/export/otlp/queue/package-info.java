/**
 * What waits for the OTLP endpoint, in memory or on disk, bounded by bytes, with every loss told.
 */
package io.sonde.pipeline.export.otlp.queue;
