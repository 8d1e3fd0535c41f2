/**
 * Says over HTTP how Sonde is, as a Collector's {@code health_check} extension 0.158 does: by
 * default the answer of its first version, on {@code /status} that of its second.
 */
package io.sonde.pipeline.export.health;
