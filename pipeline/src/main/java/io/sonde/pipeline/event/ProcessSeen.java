package io.sonde.pipeline.event;

import java.util.List;
import java.util.Map;

/**
 * What became of a process in the pipeline since it was told of.
 *
 * @param language value of telemetry.sdk.language, empty when unknown
 * @param connections on which anything was seen
 * @param tls what was seen of its TLS
 * @param protocols connections by the protocol that they were found to speak
 * @param exchangesBegun including those whose losses are counted below
 * @param exchangesReported handed on to the outputs
 * @param ownExports signals that it exports itself, each with how that was seen: Sonde tells no
 *     more of them
 * @param settings that hold for this service in particular, by key in the configuration
 */
public record ProcessSeen(
    int pid,
    String serviceName,
    String serviceNamespace,
    String language,
    long connections,
    Tls tls,
    Map<String, Long> protocols,
    long exchangesBegun,
    long exchangesReported,
    List<Loss> losses,
    List<String> ownExports,
    Map<String, String> settings) {

  /**
   * @param connections that were found to be encrypted
   * @param readable of them, those whose plaintext is read
   * @param unmatchedSessions whose plaintext was read, but is of no connection for certain
   */
  public record Tls(long connections, long readable, long unmatchedSessions) {}

  /**
   * @param cause as in the label of the self-metrics
   * @param sentence what it means
   */
  public record Loss(String cause, String sentence, long count) {}
}
