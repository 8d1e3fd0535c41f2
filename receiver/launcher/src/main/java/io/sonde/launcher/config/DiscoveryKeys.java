package io.sonde.launcher.config;

import static io.sonde.launcher.config.EnvironmentVariable.beyla;
import static io.sonde.launcher.config.EnvironmentVariable.beylaAndPlain;
import static io.sonde.launcher.config.EnvironmentVariable.exactly;

import java.util.List;

/** Which processes are observed. */
final class DiscoveryKeys {
  static final Option<String> OPEN_PORT =
      Option.of(
          "discovery.open_port",
          Types.PORTS,
          "\"\"",
          "Observe the processes that listen on any of these ports: \"80,443,8000-8999\".",
          beylaAndPlain("OPEN_PORT"));

  static final Option<String> AUTO_TARGET_EXE =
      Option.of(
          "discovery.auto_target_exe",
          Types.TEXT,
          "\"\"",
          "Observe the processes whose executable's full path matches this glob:"
              + " \"*/nginx\", \"/srv/{shop,stock}/*\".",
          beyla("AUTO_TARGET_EXE"),
          exactly("OTEL_GO_AUTO_TARGET_EXE"));

  static final Option<String> EXECUTABLE_NAME =
      Option.of(
          "discovery.executable_name",
          Types.REGEX,
          "\"\"",
          "Deprecated, use auto_target_exe: a regular expression to be found in the executable's"
              + " path.",
          beylaAndPlain("EXECUTABLE_NAME").deprecated(),
          exactly("OTEL_EBPF_EXECUTABLE_PATH").deprecated());

  static final Option<List<Integer>> TARGET_PIDS =
      Option.of(
          "discovery.target_pids",
          Types.NUMBERS,
          "[]",
          "Observe the processes with these ids.",
          beyla("TARGET_PID"));

  /** In the order of the reference file. */
  static final List<Option<?>> ALL =
      List.of(OPEN_PORT, AUTO_TARGET_EXE, EXECUTABLE_NAME, TARGET_PIDS);

  private DiscoveryKeys() {}
}
