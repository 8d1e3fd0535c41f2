package io.sonde.launcher;

import io.sonde.contract.log.LineFormatter;
import io.sonde.contract.log.LogComponent;
import io.sonde.contract.log.LogFormat;
import java.util.Map;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/** One line a message on standard error; standard output is for traces alone. */
final class Logging {
  static {
    // Before the first logger, below.
    System.setProperty("java.util.logging.manager", KeptLogManager.class.getName());
  }

  /** Held: a logger nobody refers to forgets its level. */
  private static final Logger SONDE = Logger.getLogger("io.sonde");

  /** Libraries tell their news as INFO. */
  private static final Level LIBRARIES = Level.WARNING;

  /** By package: what a Collector would call the component that speaks. */
  private static final Map<String, LogComponent> COMPONENTS =
      Map.of(
          "io.sonde.server", LogComponent.RECEIVER,
          "io.sonde.pipeline", LogComponent.RECEIVER,
          "io.sonde.pipeline.export.otlp", new LogComponent("exporter", "otlp"),
          "io.sonde.pipeline.export.prometheus", new LogComponent("exporter", "prometheus"),
          "io.sonde.pipeline.export.health", new LogComponent("extension", "health_check"));

  private static final Handler CONSOLE = new ConsoleHandler();

  private Logging() {}

  static void start() {
    Logger root = Logger.getLogger("");
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    CONSOLE.setLevel(Level.ALL);
    root.addHandler(CONSOLE);
    root.setLevel(LIBRARIES);
    set(Level.INFO, LogFormat.TEXT);
  }

  /**
   * @param level for Sonde's own messages
   */
  static void set(Level level, LogFormat format) {
    SONDE.setLevel(level);
    CONSOLE.setFormatter(new LineFormatter(format, "receive", COMPONENTS));
  }
}
