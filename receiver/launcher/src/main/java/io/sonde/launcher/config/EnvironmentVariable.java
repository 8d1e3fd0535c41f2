package io.sonde.launcher.config;

import java.util.List;
import java.util.stream.Stream;

/**
 * An environment variable in all its spellings, the strongest first.
 *
 * @param spellings as typed
 * @param deprecatedFrom index of the first spelling that is still understood but deserves a
 *     warning; the number of spellings when there is none
 */
record EnvironmentVariable(List<String> spellings, int deprecatedFrom) {

  /** By this very name, as OpenTelemetry specifies it. */
  static EnvironmentVariable exactly(String name) {
    return new EnvironmentVariable(List.of(name), 1);
  }

  /** Of Sonde alone. */
  static EnvironmentVariable sonde(String suffix) {
    return exactly("SONDE_" + suffix);
  }

  /**
   * Beyla's, and our own before it. Beyla copies BEYLA_X and BEYLA_OTEL_X to OTEL_EBPF_X unless
   * that is set, so of these the latter is the strongest.
   */
  static EnvironmentVariable beyla(String suffix) {
    return new EnvironmentVariable(
        List.of(
            "SONDE_" + suffix, "OTEL_EBPF_" + suffix, "BEYLA_" + suffix, "BEYLA_OTEL_" + suffix),
        4);
  }

  /** As {@link #beyla}, and without a prefix, as Beyla had it before its 1.0. */
  static EnvironmentVariable beylaAndPlain(String suffix) {
    return new EnvironmentVariable(
        Stream.concat(beyla(suffix).spellings.stream(), Stream.of(suffix)).toList(), 4);
  }

  /** Still understood, every spelling with a warning. */
  EnvironmentVariable deprecated() {
    return new EnvironmentVariable(spellings, 0);
  }

  boolean isDeprecated(String spelling) {
    return spellings.indexOf(spelling) >= deprecatedFrom;
  }

  /** For the reference file. */
  @Override
  public String toString() {
    String current = String.join(", ", spellings.subList(0, deprecatedFrom));
    String old = String.join(", ", spellings.subList(deprecatedFrom, spellings.size()));
    String separator = current.isEmpty() || old.isEmpty() ? "" : ", ";
    return current + separator + (old.isEmpty() ? "" : old + " (deprecated)");
  }
}
