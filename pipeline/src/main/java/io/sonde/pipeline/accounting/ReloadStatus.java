package io.sonde.pipeline.accounting;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * How the configuration was last read; the start counts as the first time.
 *
 * @param successful whether it was valid and taken on whole
 * @param succeeded when that was last so
 */
record ReloadStatus(boolean successful, Instant succeeded) {
  ReloadStatus after(boolean successfully, Instant now) {
    return new ReloadStatus(successfully, successfully ? now : succeeded);
  }

  /** Under the names that Prometheus and Alloy have for theirs. */
  List<SelfMetric> metrics() {
    return List.of(
        SelfMetric.gauge(
            "sonde_config_last_reload_successful",
            "1 when the configuration was valid when it was last read, and taken on; else 0.",
            "",
            Map.of(Map.of(), successful ? 1.0 : 0.0)),
        SelfMetric.gauge(
            "sonde_config_last_reload_success_timestamp",
            "When the configuration was last read and taken on, in seconds since 1970.",
            "s",
            Map.of(Map.of(), succeeded.toEpochMilli() / 1e3)));
  }
}
