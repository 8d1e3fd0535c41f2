package io.sonde.launcher.config;

import static io.sonde.launcher.config.EnvironmentVariable.beyla;
import static io.sonde.launcher.config.EnvironmentVariable.sonde;

import io.sonde.pipeline.PipelineConfig;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** How bytes become exchanges. */
final class DecodeKeys {
  /** What the semantic conventions (url.query) say is not to be recorded by default. */
  private static final Set<String> SENSITIVE =
      Set.of("AWSAccessKeyId", "Signature", "sig", "X-Goog-Signature");

  static final Option<Duration> HTTP_REQUEST_TIMEOUT =
      Option.of(
          "ebpf.http_request_timeout",
          NumberTypes.DURATION,
          "0",
          "A request that waits this long for the beginning of its answer is told as failed, with"
              + " error.type \"timeout\" and no status; 0: it is told when it is answered, or its"
              + " connection closes.",
          beyla("BPF_HTTP_REQUEST_TIMEOUT"));

  static final Option<Boolean> TLS =
      Option.of(
          "ebpf.tls",
          ChoiceTypes.BOOLEAN,
          "true",
          "Read what observed programs say within TLS, at the libraries that encrypt it: OpenSSL and"
              + " BoringSSL, GnuTLS, Go's crypto/tls. false: their connections are only counted. For"
              + " one service alone: tls = false in its entry of discovery.instrument.",
          sonde("BPF_TLS"));

  static final Option<Set<String>> SENSITIVE_ADD =
      Option.of(
          "attributes.sensitive_query_params.add",
          TextTypes.WORDS,
          "[]",
          "Query parameters whose values are told as REDACTED, beside those the semantic conventions"
              + " name (AWSAccessKeyId, Signature, sig, X-Goog-Signature). Case matters.");

  static final Option<Set<String>> SENSITIVE_REMOVE =
      Option.of(
          "attributes.sensitive_query_params.remove",
          TextTypes.WORDS,
          "[]",
          "Of those, the ones whose values are told after all.");

  /** In the order of the reference file. */
  static final List<Option<?>> ALL =
      List.of(HTTP_REQUEST_TIMEOUT, TLS, SENSITIVE_ADD, SENSITIVE_REMOVE);

  private DecodeKeys() {}

  static PipelineConfig.Decoding decoding(Values values) {
    Set<String> sensitive = new LinkedHashSet<>(SENSITIVE);
    sensitive.addAll(values.get(SENSITIVE_ADD));
    sensitive.removeAll(values.get(SENSITIVE_REMOVE));
    return new PipelineConfig.Decoding(values.get(HTTP_REQUEST_TIMEOUT), sensitive);
  }
}
