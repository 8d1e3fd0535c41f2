package io.sonde.pipeline.event;

import java.util.List;

/**
 * A capture process has connected.
 *
 * @param instanceId random, one per capture process, in hex
 * @param hostName as the capture process sees it
 * @param machineId /etc/machine-id, empty when unknown
 * @param bootId the kernel that it watches, since its start: socket cookies and pids are unique
 *     within it, and captures of several containers may share it; empty when unknown
 * @param kernelRelease as uname -r
 * @param realtimeOffsetNs CLOCK_REALTIME minus CLOCK_MONOTONIC
 * @param probes one entry per probe, attached or not
 */
public record CaptureStarted(
    String instanceId,
    String hostName,
    String machineId,
    String bootId,
    String kernelRelease,
    long realtimeOffsetNs,
    List<ProbeState> probes) {

  private static final int SHORT_ID = 8;

  /** Enough of the instance id to tell captures apart, for people to read. */
  public String shortId() {
    return instanceId.substring(0, Math.min(SHORT_ID, instanceId.length()));
  }

  /** State of one probe; {@code reason} is empty when attached. */
  public record ProbeState(String name, boolean attached, String reason) {}
}
