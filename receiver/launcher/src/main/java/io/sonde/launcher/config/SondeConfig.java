package io.sonde.launcher.config;

import io.sonde.contract.log.LogFormat;
import io.sonde.pipeline.PipelineConfig;
import java.nio.file.Path;
import java.util.List;

/** Everything Sonde is told, valid as a whole. */
public record SondeConfig(
    Selection selection,
    Capture capture,
    Receiver receiver,
    PipelineConfig pipeline,
    LogLevel logLevel,
    LogFormat logFormat) {

  /**
   * Which processes are observed: those that match any of these.
   *
   * @param openPorts as {@code 80,8000-8999}, empty: by none
   * @param executableGlob empty: by none
   * @param executableRegex empty: by none
   */
  public record Selection(
      String openPorts, String executableGlob, String executableRegex, List<Integer> pids) {}

  /**
   * Sizes in bytes.
   *
   * @param hostName empty: as the capture process sees it
   */
  public record Capture(
      int requestBytes, int responseBytes, int ringBytes, int maxConnections, String hostName) {}

  /**
   * @param socket absolute
   * @param allowedUids beside root and the receiver's own
   */
  public record Receiver(Path socket, List<Integer> allowedUids) {}
}
