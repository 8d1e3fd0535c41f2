package io.sonde.pipeline.identity;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the configuration says of some services otherwise than of all: the settings of an entry of
 * {@code discovery.instrument}. Reached by {@link Service#overrides()}.
 *
 * @param name service.name; empty: as the process is named anyway
 * @param namespace service.namespace; empty: as the process says, or none
 * @param exports the signals that are told of it, none when the set is empty; empty: all of them
 * @param sampler of its traces; empty: as of all
 * @param routes how its routes are found; empty: as those of all services
 * @param tls whether what it says within TLS is read; empty: it is
 */
public record ServiceOverrides(
    Optional<String> name,
    Optional<String> namespace,
    Optional<Set<Export>> exports,
    Optional<SamplerSetting> sampler,
    Optional<RouteOverrides> routes,
    Optional<Boolean> tls) {

  /** A signal, by its name in {@code exports}. */
  public enum Export {
    METRICS,
    TRACES
  }

  /** Of a service that no entry says anything of. */
  public static final ServiceOverrides NONE =
      new ServiceOverrides(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  public ServiceOverrides {
    exports = exports.map(Set::copyOf);
  }

  /** Each setting as {@code later} has it, and where it has none, as it is here. */
  ServiceOverrides then(ServiceOverrides later) {
    return new ServiceOverrides(
        later.name.or(() -> name),
        later.namespace.or(() -> namespace),
        later.exports.or(() -> exports),
        later.sampler.or(() -> sampler),
        later.routes.or(() -> routes),
        later.tls.or(() -> tls));
  }

  /** Whether the signal is to be told of the service. */
  public boolean exports(Export signal) {
    return exports.isEmpty() || exports.get().contains(signal);
  }

  public boolean readsTls() {
    return tls.orElse(true);
  }

  /** Those that there are, by key in the configuration, as they would be written there. */
  Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>();
    name.ifPresent(value -> settings.put("name", value));
    namespace.ifPresent(value -> settings.put("namespace", value));
    exports.ifPresent(
        signals ->
            settings.put(
                "exports",
                signals.stream()
                    .map(signal -> signal.name().toLowerCase(Locale.ROOT))
                    .sorted()
                    .toList()
                    .toString()));
    sampler.ifPresent(
        value -> {
          settings.put("sampler.name", value.name().name().toLowerCase(Locale.ROOT));
          settings.put("sampler.arg", Double.toString(value.ratio()));
        });
    tls.ifPresent(value -> settings.put("tls", value.toString()));
    routes.ifPresent(value -> settings.put("routes", "its own"));
    return settings;
  }
}
