package io.sonde.launcher.doctor;

import io.sonde.contract.doctor.Finding;
import io.sonde.pipeline.OtlpConfig;
import io.sonde.pipeline.PipelineConfig;
import io.sonde.pipeline.export.otlp.queue.DiskQueue;
import io.sonde.pipeline.export.otlp.queue.QueueOpenException;
import io.sonde.pipeline.export.otlp.request.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The directories in which requests wait for a collector that is away. */
final class QueueCheck {
  private static final String LOST = "what waits for the collector is lost";

  private QueueCheck() {}

  static List<Finding> look(PipelineConfig pipeline) {
    List<Finding> findings = new ArrayList<>();
    look(pipeline.otlpTraces(), Signal.TRACES).ifPresent(findings::add);
    look(pipeline.otlpMetrics(), Signal.METRICS).ifPresent(findings::add);
    return findings;
  }

  private static Optional<Finding> look(Optional<OtlpConfig> otlp, Signal signal) {
    return otlp.flatMap(
        config ->
            config.queue().directory().map(all -> look(all, signal, config.queue().maxBytes())));
  }

  private static Finding look(Path all, Signal signal, long maxBytes) {
    String name = signal.name().toLowerCase(Locale.ROOT);
    String check = "queue." + name;
    Path directory = all.resolve(name);
    try {
      Path nearest = directory;
      while (Files.notExists(nearest)) {
        nearest = nearest.getParent();
      }
      if (nearest.equals(directory)) {
        DiskQueue.check(directory);
      } else if (!Files.isWritable(nearest)) {
        return Finding.failed(
            check,
            "%s may not make %s"
                .formatted(System.getProperty("user.name"), nearest.relativize(directory)),
            "the receiver refuses to start",
            "make %s and let Sonde's user own it".formatted(directory));
      }
      long room = Files.getFileStore(nearest).getUsableSpace();
      String found = "%s: room for %d MiB of %d".formatted(directory, room >> 20, maxBytes >> 20);
      return room < maxBytes
          ? Finding.degraded(
              check,
              found,
              LOST + " earlier than queue.max_disk_bytes says",
              "make space on that file system, or set a lower queue.max_disk_bytes")
          : Finding.ok(check, found);
    } catch (QueueOpenException e) {
      return Finding.failed(check, e.getMessage(), "the receiver refuses to start", "");
    } catch (IOException e) {
      return Finding.couldNotTell(check, directory + ": " + e, "look as Sonde's user");
    }
  }
}
