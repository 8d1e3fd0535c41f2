package io.sonde.pipeline.accounting;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The process itself (the unprivileged half), under the Collector's names. Of its runtime metrics
 * only those that mean the same in a JVM.
 */
final class ProcessMetrics {
  private static final double NS = 1e9;

  private final long startedNs = System.nanoTime();
  private final Path status;

  ProcessMetrics() {
    this(Path.of("/proc/self/status"));
  }

  /**
   * @param status as /proc/pid/status, proc(5)
   */
  ProcessMetrics(Path status) {
    this.status = status;
  }

  List<SelfMetric> collect() {
    List<SelfMetric> all = new ArrayList<>();
    all.add(
        SelfMetric.counter(
            "otelcol_process_uptime",
            "Uptime of the process",
            "s",
            single((System.nanoTime() - startedNs) / NS)));
    ProcessHandle.current()
        .info()
        .totalCpuDuration()
        .map(Duration::toNanos)
        .ifPresent(
            cpu ->
                all.add(
                    SelfMetric.counter(
                        "otelcol_process_cpu_seconds",
                        "Total CPU user and system time in seconds",
                        "s",
                        single(cpu / NS))));
    residentBytes()
        .ifPresent(
            bytes ->
                all.add(
                    SelfMetric.gauge(
                        "otelcol_process_memory_rss",
                        "Total physical memory (resident set size)",
                        "By",
                        single(bytes))));
    Runtime runtime = Runtime.getRuntime();
    all.add(
        SelfMetric.gauge(
            "otelcol_process_runtime_heap_alloc_bytes",
            "Bytes of the Java heap in use, garbage included",
            "By",
            single(runtime.totalMemory() - runtime.freeMemory())));
    return all;
  }

  /** Empty when it cannot be read: then it is not told rather than told wrongly. */
  private OptionalLong residentBytes() {
    try {
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith("VmRSS:") && line.endsWith(" kB")) {
          String number = line.substring("VmRSS:".length(), line.length() - " kB".length());
          return OptionalLong.of(Long.parseLong(number.strip()) * 1024);
        }
      }
      return OptionalLong.empty();
    } catch (IOException | NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  private static Map<Map<String, String>, Double> single(double value) {
    return Map.of(Map.of(), value);
  }
}
