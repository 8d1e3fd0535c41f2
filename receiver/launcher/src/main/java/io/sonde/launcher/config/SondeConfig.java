package io.sonde.launcher.config;

import io.sonde.contract.log.LogFormat;
import io.sonde.pipeline.PipelineConfig;
import io.sonde.pipeline.identity.ServiceOverrides;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Everything Sonde is told, valid as a whole.
 *
 * @param origins where each key that is set was set: a file with its line, or a variable
 */
public record SondeConfig(
    Selection selection,
    Capture capture,
    Receiver receiver,
    PipelineConfig pipeline,
    LogLevel logLevel,
    LogFormat logFormat,
    Map<String, String> origins) {

  /**
   * Which processes are observed: those that match any rule of {@code instrument} and none of
   * {@code exclude}.
   *
   * @param instrument in their order: of two that match, the later one's overrides count
   */
  public record Selection(List<Rule> instrument, List<Rule> exclude) {}

  /**
   * An entry of a list of {@code discovery}, or the keys beside the lists.
   *
   * @param key its place, as {@code discovery.instrument[2]}
   * @param criteria by name, as the capture process reads them; all must be met
   */
  public record Rule(String key, Map<String, String> criteria, ServiceOverrides overrides) {
    /**
     * By which the halves speak of it. The digest of the criteria keeps a half that was started
     * with another file from taking one rule for another.
     */
    public String id() {
      CRC32 digest = new CRC32();
      digest.update(criteria.toString().getBytes(StandardCharsets.UTF_8));
      return key + "#" + Long.toHexString(digest.getValue());
    }
  }

  /**
   * Sizes in bytes.
   *
   * @param tls whether plaintext is read at TLS libraries
   * @param goroutines whether it is looked at what goroutines do
   * @param goRoutes and by which routes they serve
   * @param hostName empty: as the capture process sees it
   */
  public record Capture(
      int requestBytes,
      int responseBytes,
      int ringBytes,
      int maxConnections,
      boolean tls,
      boolean goroutines,
      boolean goRoutes,
      String hostName) {}

  /**
   * @param socket absolute
   * @param allowedUids beside root and the receiver's own
   */
  public record Receiver(Path socket, List<Integer> allowedUids) {
    /** Where sonde explain asks. */
    public Path explainSocket() {
      return socket.resolveSibling(socket.getFileName() + ".explain");
    }
  }
}
