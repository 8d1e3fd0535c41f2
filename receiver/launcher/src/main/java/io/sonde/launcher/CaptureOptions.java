package io.sonde.launcher;

import io.sonde.launcher.config.SondeConfig;

/**
 * What the capture process is told, in the form it reads from its standard input: lines {@code
 * key=value}, ended by {@code end}.
 */
final class CaptureOptions {
  private final StringBuilder lines = new StringBuilder();

  private CaptureOptions() {}

  static String of(SondeConfig config) {
    CaptureOptions options = new CaptureOptions();
    options.add("socket", config.receiver().socket().toString());
    options.add("open_port", config.selection().openPorts());
    options.add("exe_glob", config.selection().executableGlob());
    options.add("exe_regex", config.selection().executableRegex());
    config.selection().pids().forEach(pid -> options.add("target_pid", pid.toString()));
    options.add("request_bytes", Integer.toString(config.capture().requestBytes()));
    options.add("response_bytes", Integer.toString(config.capture().responseBytes()));
    options.add("ring_bytes", Integer.toString(config.capture().ringBytes()));
    options.add("max_connections", Integer.toString(config.capture().maxConnections()));
    options.add("host_name", config.capture().hostName());
    options.add("log_level", config.logLevel().name());
    options.add("log_format", config.logFormat().name());
    return options.lines.append("end\n").toString();
  }

  /** The values are known to be free of control characters. */
  private void add(String key, String value) {
    if (!value.isEmpty()) {
      lines.append(key).append('=').append(value).append('\n');
    }
  }
}
