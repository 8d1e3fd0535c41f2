package io.sonde.launcher;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.sonde.launcher.config.ConfigurationException;
import io.sonde.launcher.config.Half;
import io.sonde.launcher.config.Reading;
import io.sonde.launcher.recording.RecordingFile;
import io.sonde.launcher.reload.Reloader;
import io.sonde.pipeline.PipelineStartException;
import io.sonde.server.recording.Recorder;
import io.sonde.server.recording.RecordingHeader;
import io.sonde.server.recording.RecordingWriter;
import io.sonde.server.recording.Redaction;
import io.sonde.server.recording.redaction.HttpRedaction;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.TypeConversionException;

/** As this process sees it, a receiver that records; bin/sonde starts a capture beside it. */
@Command(
    name = "record",
    description = {
      "Writes what the probes see to a file that sonde replay reads, on any machine: as sonde run,"
          + " and with the same outputs, but none is needed. Needs root, except with --from.",
      "The file holds captured bytes, so it is readable by its owner only: who called sudo, or root."
    })
final class RecordCommand implements Callable<Integer> {
  @Mixin private ConfigFileOption config;

  @Parameters(paramLabel = "FILE", description = "Is made; must not be there.")
  private Path file;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      converter = Time.class,
      description = "Ends after so long, as 30s or 10m. Default: at Ctrl-C.")
  private Optional<Duration> duration;

  @Option(
      names = "--max-bytes",
      paramLabel = "SIZE",
      converter = Size.class,
      description = "Ends when the file is as large, as 100MiB. Default: never.")
  private Optional<Long> maxBytes;

  @Option(
      names = "--redact",
      description =
          "Blanks secrets before they are written: bodies, queries, the values of all header fields"
              + " but those that frame a message, arguments of processes, all that is not HTTP/1."
              + " Lengths are kept.")
  private boolean redact;

  @Option(
      names = "--from",
      paramLabel = "RECORDING",
      description = "Copies a recording instead of making one: to redact or to shorten it.")
  private Path from;

  @Option(names = "--capture-options-to", hidden = true)
  private Path captureOptionsTo;

  /** The caller has opened the file, which this process may not be able to. */
  @Option(names = "--file-on-stdin", hidden = true)
  private boolean fileOnStdin;

  @ParentCommand private SondeCommand sonde;

  @Override
  public Integer call()
      throws ConfigurationException, IOException, PipelineStartException, InterruptedException {
    if (from != null) {
      copy();
      return 0;
    }
    Reloader.Source source =
        () -> ConfigFileOption.reading(config.file(), EnumSet.of(Half.CAPTURE, Half.RECORDER));
    Reading read = source.read();
    try (Recorder recorder = recorder(RecordingHeader.now(redact, writer()))) {
      new Receive(read, source, captureOptionsTo, Optional.of(recorder)).until(sonde.termination());
    }
    return 0;
  }

  private void copy() throws ConfigurationException, IOException {
    config.read(EnumSet.noneOf(Half.class));
    try (var recording = RecordingFile.open(from);
        Recorder copy = recorder(ofCopy(recording.header()))) {
      RecordingFile.feed(from, recording, copy, () -> !sonde.termination().isRequested());
    }
  }

  /** It is as old as the recording. */
  private RecordingHeader ofCopy(RecordingHeader original) {
    return new RecordingHeader(
        original.layoutVersion(), redact || original.redacted(), original.created(), writer());
  }

  private static String writer() {
    return new VersionCommand().getVersion()[0];
  }

  private Recorder recorder(RecordingHeader header) throws IOException {
    Supplier<Redaction> redactions = redact ? HttpRedaction::new : () -> Redaction.NONE;
    return new Recorder(
        new RecordingWriter(
            fileOnStdin ? RecordingFile.onStdin() : RecordingFile.make(file), header),
        redactions,
        new Recorder.Limits(
            maxBytes.orElse(Long.MAX_VALUE), duration.orElse(ChronoUnit.FOREVER.getDuration())),
        () -> sonde.termination().request());
  }

  /** As in sonde.conf. */
  static final class Time implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String value) {
      try {
        return ConfigFactory.parseMap(Map.of("value", value)).getDuration("value");
      } catch (ConfigException e) {
        throw new TypeConversionException("'" + value + "' is not a time such as 30s or 10m");
      }
    }
  }

  /** As in sonde.conf. */
  static final class Size implements ITypeConverter<Long> {
    @Override
    public Long convert(String value) {
      try {
        return ConfigFactory.parseMap(Map.of("value", value)).getMemorySize("value").toBytes();
      } catch (ConfigException | IllegalArgumentException e) {
        throw new TypeConversionException("'" + value + "' is not a size such as 100MiB");
      }
    }
  }
}
