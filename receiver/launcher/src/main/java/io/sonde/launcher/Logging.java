package io.sonde.launcher;

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

  private Logging() {}

  static void start() {
    Logger root = Logger.getLogger("");
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    Handler console = new ConsoleHandler();
    console.setFormatter(new LineFormatter());
    console.setLevel(Level.ALL);
    root.addHandler(console);
    root.setLevel(LIBRARIES);
    level(Level.INFO);
  }

  /** For Sonde's own messages. */
  static void level(Level level) {
    SONDE.setLevel(level);
  }
}
