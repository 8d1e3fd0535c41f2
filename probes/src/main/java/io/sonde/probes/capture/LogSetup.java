package io.sonde.probes.capture;

import io.sonde.contract.log.LineFormatter;
import io.sonde.contract.log.LogComponent;
import io.sonde.contract.log.LogFormat;
import java.util.Map;
import java.util.logging.ConsoleHandler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/** One line per message on standard error, as the other half writes it. */
final class LogSetup {
  // kept: the log manager holds its loggers weakly
  private static final Logger SONDE = Logger.getLogger("io.sonde");
  private static final Logger ROOT = Logger.getLogger("");

  private LogSetup() {}

  static void start(Level level, LogFormat format) {
    LogManager.getLogManager().reset();
    ConsoleHandler handler = new ConsoleHandler();
    handler.setLevel(Level.ALL);
    handler.setFormatter(
        new LineFormatter(format, "capture", Map.of("io.sonde.probes", LogComponent.RECEIVER)));
    ROOT.addHandler(handler);
    ROOT.setLevel(Level.SEVERE);
    SONDE.setLevel(level);
  }
}
