package io.sonde.launcher;

import io.sonde.launcher.config.Reading;
import io.sonde.launcher.config.SondeConfig;
import io.sonde.launcher.doctor.ListenPort;
import io.sonde.launcher.reload.ReloadThread;
import io.sonde.launcher.reload.Reloader;
import io.sonde.pipeline.Pipeline;
import io.sonde.pipeline.PipelineConfig;
import io.sonde.pipeline.PipelineStartException;
import io.sonde.server.CaptureServer;
import io.sonde.server.SocketFile;
import io.sonde.server.recording.CaptureTap;
import io.sonde.server.recording.Recorder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The unprivileged half: receiver and pipeline. */
final class Receive {
  private static final Logger LOG = Logger.getLogger(Receive.class.getName());

  /** A capture that lives is back in a second: over a Unix socket only a dead one stays away. */
  private static final Duration RESUME_GRACE = Duration.ofSeconds(5);

  private final Reading reading;
  private final Reloader.Source again;
  private final SondeConfig config;
  private final Path captureOptionsTo;
  private final Optional<Recorder> recorder;

  /**
   * @param again reads the configuration anew, as {@code reading} was
   * @param captureOptionsTo written as soon as nothing is left that may fail, and again when they
   *     may have changed; null: not at all
   * @param recorder closed by whoever made it, afterwards
   */
  Receive(
      Reading reading, Reloader.Source again, Path captureOptionsTo, Optional<Recorder> recorder) {
    this.reading = reading;
    this.again = again;
    this.config = reading.config();
    this.captureOptionsTo = captureOptionsTo;
    this.recorder = recorder;
  }

  /** Blocks until the program is asked to end; by then everything has been flushed. */
  void until(Termination termination)
      throws IOException, PipelineStartException, InterruptedException {
    // The endpoints themselves open later: nothing may be attached for a port that cannot be had.
    for (ListenPort port : ListenPort.of(config.pipeline())) {
      port.refuseIfTaken();
    }
    try (SocketFile socket = SocketFile.claim(config.receiver().socket())) {
      // From here on capture loads and attaches, while we load what is needed to receive.
      if (captureOptionsTo != null) {
        Files.writeString(captureOptionsTo, CaptureOptions.of(config));
      }
      try (Pipeline pipeline = Pipeline.start(config.pipeline(), System.out);
          CaptureServer server = serve(socket, pipeline);
          ReloadThread reloads = reloads(pipeline, server)) {
        server.accounts().forEach(pipeline::register);
        recorder.ifPresent(tap -> pipeline.register(tap.account()));
        answerExplain(server);
        reloads.start();
        LOG.log(Level.INFO, "listening on {0}; {1}", new Object[] {socket, outputs()});
        termination.await();
        LOG.info("ending: flushing what is there");
      }
    }
  }

  private void answerExplain(CaptureServer server) {
    try {
      server.explainOn(SocketFile.claim(config.receiver().explainSocket()));
    } catch (IOException e) {
      LOG.warning("sonde explain will not be answered: " + e.getMessage());
    }
  }

  private ReloadThread reloads(Pipeline pipeline, CaptureServer server) {
    Reloader.Running running =
        new Reloader.Running() {
          @Override
          public List<String> takeOn(SondeConfig config) throws IOException, InterruptedException {
            List<String> failures = server.call(() -> pipeline.reload(config.pipeline()));
            Logging.set(config.logLevel().level(), config.logFormat());
            if (captureOptionsTo != null) {
              Files.writeString(captureOptionsTo, CaptureOptions.of(config));
            }
            return failures;
          }

          @Override
          public void reloaded(boolean successfully) {
            pipeline.reloaded(successfully);
          }
        };
    return new ReloadThread(
        new Reloader(reading, again, running), reading.file(), reading.reloadInterval());
  }

  private CaptureServer serve(SocketFile socket, Pipeline pipeline) throws IOException {
    return CaptureServer.start(
        socket,
        new CaptureServer.Settings(Set.copyOf(config.receiver().allowedUids()), RESUME_GRACE),
        pipeline::open,
        recorder.isPresent() ? recorder.get() : CaptureTap.NONE);
  }

  /** For the log; without headers, which may be secret. */
  private String outputs() {
    PipelineConfig pipeline = config.pipeline();
    List<String> outputs = new ArrayList<>();
    pipeline
        .prometheus()
        .ifPresent(p -> outputs.add("metrics on http://" + p.host() + ":" + p.port() + p.path()));
    pipeline
        .health()
        .ifPresent(h -> outputs.add("health on http://" + h.host() + ":" + h.port() + h.path()));
    pipeline.otlpTraces().ifPresent(o -> outputs.add("traces to " + o.endpoint()));
    pipeline.otlpMetrics().ifPresent(o -> outputs.add("metrics to " + o.endpoint()));
    outputs.add("trace printer " + pipeline.tracePrinter().name().toLowerCase(Locale.ROOT));
    return String.join(", ", outputs);
  }
}
