package io.sonde.launcher.reload;

import io.sonde.launcher.config.ConfigurationException;
import io.sonde.launcher.config.Reading;
import io.sonde.launcher.config.SondeConfig;
import java.io.IOException;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Takes on a changed configuration, as far as that can be done while Sonde runs. One that is not
 * valid changes nothing. Not thread-safe.
 */
public final class Reloader {
  private static final Logger LOG = Logger.getLogger(Reloader.class.getName());

  /** Reads the configuration as it was read at the start. */
  @FunctionalInterface
  public interface Source {
    Reading read() throws ConfigurationException;
  }

  /** The running parts. */
  public interface Running {
    /** Returns what could not be done, in sentences. */
    List<String> takeOn(SondeConfig config) throws IOException, InterruptedException;

    /** Tells others how a reload went. */
    void reloaded(boolean successfully);
  }

  private final Source source;
  private final Running running;
  private Reading current;

  public Reloader(Reading current, Source source, Running running) {
    this.current = current;
    this.source = source;
    this.running = running;
  }

  /** Reads and takes on, and says in the log what became of it. */
  public void reload() throws InterruptedException {
    boolean successful = false;
    try {
      successful = takeOn(current.to(source.read()));
    } catch (ConfigurationException e) {
      LOG.log(
          Level.SEVERE,
          "the configuration is not valid, nothing is changed: {0}",
          String.join("; ", e.problems()));
    } catch (IOException e) {
      LOG.log(Level.SEVERE, "the configuration was not taken on whole: {0}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.log(Level.SEVERE, "a defect in Sonde, please report it", e);
    }
    running.reloaded(successful);
  }

  private boolean takeOn(Reading.Change change) throws IOException, InterruptedException {
    List<String> failures = running.takeOn(change.taken().config());
    current = change.taken();
    failures.forEach(
        failure -> LOG.log(Level.SEVERE, "the configuration was not taken on whole: {0}", failure));
    change
        .waiting()
        .forEach(
            key ->
                LOG.log(Level.WARNING, "{0} has changed, which takes a restart: not applied", key));
    LOG.log(
        Level.INFO,
        "configuration read again; changed: {0}",
        change.applied().isEmpty() ? "nothing" : String.join(", ", change.applied()));
    return failures.isEmpty();
  }
}
