package io.sonde.probes.host;

import java.util.List;
import java.util.Map;

/**
 * What /proc says of a process.
 *
 * @param startNs CLOCK_BOOTTIME at its start, in whole clock ticks (10 ms)
 * @param executable resolved path, empty when it could not be read
 * @param workingDirectory resolved path, empty when it could not be read
 * @param language value of telemetry.sdk.language, empty when unknown
 * @param containerId see {@link Cgroup}; empty when in none
 * @param podUid see {@link Cgroup}; empty when in none
 * @param environment {@link OtelVariables} only
 */
public record ProcessFacts(
    int pid,
    long startNs,
    int parentPid,
    int uid,
    int namespacePid,
    String executable,
    List<String> arguments,
    String workingDirectory,
    String language,
    String containerId,
    String podUid,
    long netns,
    Map<String, String> environment) {

  private static final long TICK_NS = 10_000_000;

  /**
   * A kernel start time cut to the resolution that /proc offers, so that both name the same
   * process.
   */
  public static long wholeTicks(long startNs) {
    return startNs / TICK_NS * TICK_NS;
  }

  /** For a process that was gone before /proc could be read. */
  public static ProcessFacts ofExec(
      int pid, long startNs, int parentPid, int uid, String path, List<String> arguments) {
    return new ProcessFacts(
        pid,
        wholeTicks(startNs),
        parentPid,
        uid,
        pid,
        path,
        arguments,
        "",
        "",
        "",
        "",
        0,
        Map.of());
  }
}
