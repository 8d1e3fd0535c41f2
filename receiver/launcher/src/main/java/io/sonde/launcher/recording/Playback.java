package io.sonde.launcher.recording;

import io.sonde.pipeline.Pipeline;
import io.sonde.pipeline.PipelineConfig;
import io.sonde.pipeline.PipelineStartException;
import io.sonde.pipeline.accounting.ExporterStatus;
import io.sonde.server.recording.CaptureTap;
import io.sonde.server.recording.RecordingReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A recording through the pipeline, from its first message to the last span's acknowledgement. */
public final class Playback {
  private static final Logger LOG = Logger.getLogger(Playback.class.getName());
  private static final int NOT_DELIVERED = 3;
  private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(20);

  /** An endpoint that does not take anything for so long is not waited for. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path file;
  private final BooleanSupplier goOn;

  /**
   * @param file {@code -} for standard input
   * @param goOn asked often; false: ends with what has been read
   */
  public Playback(Path file, BooleanSupplier goOn) {
    this.file = file;
    this.goOn = goOn;
  }

  /** Returns the exit code. */
  public int run(PipelineConfig config, PrintStream out)
      throws IOException, PipelineStartException {
    Pipeline pipeline = Pipeline.replay(config, out);
    try (pipeline;
        RecordingReader recording = RecordingFile.open(file)) {
      LOG.log(
          Level.INFO,
          "replaying {0}: recorded on {1} by {2}{3}",
          new Object[] {
            file,
            recording.header().created(),
            recording.header().writer(),
            recording.header().redacted() ? ", redacted" : ""
          });
      RecordingFile.feed(file, recording, pipeline::open, CaptureTap.NONE, goOn);
      while (pipeline.spansWaiting() > 0 && mayBeDelivered(pipeline) && goOn.getAsBoolean()) {
        LockSupport.parkNanos(LOOK_NS);
      }
    }
    long lost =
        pipeline.exporters().stream().mapToLong(e -> e.sendFailed() + e.enqueueFailed()).sum();
    if (lost > 0) {
      LOG.log(
          Level.WARNING,
          "{0} spans and metric points were not taken by their endpoint: replay again when it does",
          Long.toString(lost));
    }
    return lost > 0 ? NOT_DELIVERED : 0;
  }

  private static boolean mayBeDelivered(Pipeline pipeline) {
    return pipeline.exporters().stream().allMatch(Playback::isHopeful);
  }

  private static boolean isHopeful(ExporterStatus exporter) {
    return switch (exporter.state()) {
      case STARTING, OK -> true;
      default -> exporter.since().plus(PATIENCE).isAfter(Instant.now());
    };
  }
}
