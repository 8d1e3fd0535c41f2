package io.sonde.it;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A shop made with Flask that OpenTelemetry's own instrumentation of Python tells of, or not. */
final class InstrumentedShop implements AutoCloseable {
  static final String NAME = "orders";

  /** From an empty cache, on a machine of two cores that has other things to do. */
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  private static final Path HERE = Path.of(System.getProperty("java.io.tmpdir"));

  private final Program program;
  private final int port;

  private InstrumentedShop(Program program, int port) {
    this.program = program;
    this.port = port;
  }

  /**
   * @param endpoint where it sends traces and metrics, by OTLP over HTTP
   */
  static InstrumentedShop start(Path logs, int port, String endpoint) {
    Path home = home();
    return start(
        logs,
        port,
        home,
        Map.of(
            "OTEL_EXPORTER_OTLP_ENDPOINT", endpoint,
            "OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf",
            "OTEL_LOGS_EXPORTER", "none",
            "OTEL_BSP_SCHEDULE_DELAY", "200",
            "OTEL_METRIC_EXPORT_INTERVAL", "500"),
        List.of(home.resolve("packages/bin/opentelemetry-instrument").toString()));
  }

  static InstrumentedShop withoutInstrumentation(Path logs, int port) {
    return start(logs, port, home(), Map.of(), List.of());
  }

  private static InstrumentedShop start(
      Path logs, int port, Path home, Map<String, String> settings, List<String> wrapper) {
    Map<String, String> env = new HashMap<>(settings);
    env.put("OTEL_SERVICE_NAME", NAME);
    env.put("PYTHONPATH", home.resolve("packages").toString());
    env.put("PYTHONDONTWRITEBYTECODE", "1");
    List<String> command = new java.util.ArrayList<>(wrapper);
    command.addAll(List.of("python3", home.resolve("app.py").toString(), port + ""));
    Program program = Program.start("shop", logs, env, command);
    program.awaitLine("Running on");
    return new InstrumentedShop(program, port);
  }

  private static Path home() {
    String script = Paths.root().resolve("integration-tests/frameworks/build").toString();
    return Path.of(Program.run(PATIENCE, HERE, script, "instrumented-flask").strip());
  }

  String order(int number) {
    return "http://127.0.0.1:" + port + path(number);
  }

  static String path(int number) {
    return "/orders/" + number;
  }

  @Override
  public void close() {
    program.close();
  }
}
