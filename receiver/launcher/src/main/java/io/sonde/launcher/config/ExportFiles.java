package io.sonde.launcher.config;

import io.sonde.pipeline.OtlpConfig;
import io.sonde.pipeline.export.otlp.OtlpStartException;
import io.sonde.pipeline.export.otlp.request.Signal;
import io.sonde.pipeline.export.otlp.transport.TransportFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Certificates, keys and tokens that nothing can be sent without. */
public final class ExportFiles {
  private ExportFiles() {}

  /**
   * To be called by who is going to send: it reads the files, as the user it runs as.
   *
   * @throws ConfigurationException when one is not there or does not hold what it should
   */
  public static void check(SondeConfig config) throws ConfigurationException {
    List<String> problems = new ArrayList<>();
    config
        .pipeline()
        .otlpTraces()
        .ifPresent(otlp -> check(otlp, Signal.TRACES, OtlpKeys.OTLP_TRACES, config, problems));
    config
        .pipeline()
        .otlpMetrics()
        .ifPresent(otlp -> check(otlp, Signal.METRICS, OtlpKeys.OTLP_METRICS, config, problems));
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
  }

  private static void check(
      OtlpConfig otlp, Signal signal, OtlpSection own, SondeConfig config, List<String> problems) {
    if (!otlp.endpoint().tls() && !(otlp.auth() instanceof OtlpConfig.BearerFile)) {
      return; // nor is the TLS library loaded for nothing
    }
    try {
      TransportFactory.prepare(otlp, signal);
    } catch (OtlpStartException e) {
      Stream.of(own.name(), OtlpKeys.OTLP.name())
          .filter(section -> config.origins().containsKey(section + "." + e.key()))
          .findFirst()
          .map(
              section ->
                  config.origins().get(section + "." + e.key())
                      + ": "
                      + section
                      + "."
                      + e.getMessage())
          .filter(sentence -> !problems.contains(sentence))
          .ifPresent(problems::add);
    }
  }
}
