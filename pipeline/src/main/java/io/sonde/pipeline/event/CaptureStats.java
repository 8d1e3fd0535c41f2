package io.sonde.pipeline.event;

import java.util.Map;

/**
 * Totals of one capture process since its start, about once a second.
 *
 * @param timeNs when they were read, CLOCK_MONOTONIC; 0 when the capture does not tell
 * @param realtimeOffsetNs CLOCK_REALTIME minus CLOCK_MONOTONIC, now
 * @param counters by name, e.g. {@code ring_full}
 */
public record CaptureStats(long timeNs, long realtimeOffsetNs, Map<String, Long> counters) {}
