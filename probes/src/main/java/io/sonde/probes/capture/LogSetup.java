package io.sonde.probes.capture;

import java.util.logging.ConsoleHandler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/** One line per message on standard error, so that both halves read alike in a journal. */
final class LogSetup {
  // kept: the log manager holds its loggers weakly
  private static final Logger SONDE = Logger.getLogger("io.sonde");
  private static final Logger ROOT = Logger.getLogger("");

  private LogSetup() {}

  static void start(Level level) {
    System.setProperty(
        "java.util.logging.SimpleFormatter.format",
        "time=%1$tFT%1$tT.%1$tL%1$tz level=%4$s component=capture msg=\"%5$s%6$s\"%n");
    LogManager.getLogManager().reset();
    ConsoleHandler handler = new ConsoleHandler();
    handler.setLevel(Level.ALL);
    ROOT.addHandler(handler);
    ROOT.setLevel(Level.SEVERE);
    SONDE.setLevel(level);
  }
}
