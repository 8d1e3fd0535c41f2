package io.sonde.pipeline.event;

import java.util.List;
import java.util.Map;

/**
 * Facts of an observed process, told before the first activity that names its pid. May be told
 * again for the same process (after exec, or when the receiver restarted); the latest facts count.
 *
 * @param pid in the host's pid namespace
 * @param startNs CLOCK_BOOTTIME at its start; with the pid, its identity
 * @param executable resolved path, empty when unknown
 * @param arguments command line, element 0 included; captured, so hostile
 * @param workingDirectory resolved path, empty when unknown; captured, so hostile
 * @param language value of telemetry.sdk.language, empty when unknown
 * @param containerId from the cgroup, empty when none
 * @param podUid k8s.pod.uid from the cgroup, empty when none
 * @param environment of OpenTelemetry's own variables those that name it and its exporters, where
 *     set
 * @param selectedBy ids of the discovery rules for which it is observed, in the order of the
 *     configuration of the capture process; empty when that is not known
 */
public record ProcessStarted(
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
    Map<String, String> environment,
    List<String> selectedBy) {}
