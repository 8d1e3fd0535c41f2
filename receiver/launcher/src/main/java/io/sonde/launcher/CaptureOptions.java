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
    config.selection().instrument().forEach(rule -> options.add("instrument", rule));
    config.selection().exclude().forEach(rule -> options.add("exclude", rule));
    options.add("request_bytes", Integer.toString(config.capture().requestBytes()));
    options.add("response_bytes", Integer.toString(config.capture().responseBytes()));
    options.add("ring_bytes", Integer.toString(config.capture().ringBytes()));
    options.add("max_connections", Integer.toString(config.capture().maxConnections()));
    options.add("tls", onOff(config.capture().tls()));
    options.add("goroutines", onOff(config.capture().goroutines()));
    options.add("go_routes", onOff(config.capture().goRoutes()));
    options.add("host_name", config.capture().hostName());
    options.add("log_level", config.logLevel().name());
    options.add("log_format", config.logFormat().name());
    return options.lines.append("end\n").toString();
  }

  private void add(String list, SondeConfig.Rule rule) {
    add(list, rule.id());
    rule.criteria().forEach((name, value) -> add("with." + name, value));
    rule.overrides().tls().ifPresent(tls -> add("set.tls", onOff(tls)));
  }

  private static String onOff(boolean on) {
    return on ? "on" : "off";
  }

  /** The values are known to be free of control characters. */
  private void add(String key, String value) {
    if (!value.isEmpty()) {
      lines.append(key).append('=').append(value).append('\n');
    }
  }
}
