package io.sonde.launcher.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** A configuration as it was read, to which a later one can be compared. */
public final class Reading {
  private final Optional<Path> file;
  private final Map<Option<?>, Object> written;
  private final Values values;
  private final Set<Half> halves;
  private final SondeConfig config;

  /**
   * @param written the values as plain numbers, strings, lists and maps
   */
  Reading(
      Optional<Path> file,
      Map<Option<?>, Object> written,
      Values values,
      Set<Half> halves,
      SondeConfig config) {
    this.file = file;
    this.written = Collections.unmodifiableMap(written); // with nulls
    this.values = values;
    this.halves = Set.copyOf(halves);
    this.config = config;
  }

  public SondeConfig config() {
    return config;
  }

  /** Empty when there was none, so that all is from the environment. */
  public Optional<Path> file() {
    return file;
  }

  /** {@code config_reload_interval}; zero: only when told. */
  public Duration reloadInterval() {
    return values.get(ReloadKeys.INTERVAL);
  }

  /**
   * What of a later reading can be taken on while Sonde runs.
   *
   * @param taken it, and everything else as it was
   * @param applied keys whose values it has from the later reading
   * @param waiting keys whose new values take a restart
   */
  public record Change(Reading taken, List<String> applied, List<String> waiting) {}

  /**
   * Compares the two, value by value.
   *
   * @throws ConfigurationException when the part that can be taken on is not valid without the
   *     other
   */
  public Change to(Reading later) throws ConfigurationException {
    Set<Option<?>> taken = new LinkedHashSet<>();
    List<String> waiting = new ArrayList<>();
    for (Option<?> option : Options.ALL) {
      if (Objects.equals(written.get(option), later.written.get(option))) {
        continue;
      }
      if (LiveKeys.contains(option) && !switches(option, later)) {
        taken.add(option);
      } else {
        waiting.add(option.key());
      }
    }
    Map<Option<?>, Object> writtenNow = new HashMap<>(written);
    taken.forEach(option -> writtenNow.put(option, later.written.get(option)));
    Values now = values.with(taken, later.values);
    List<String> problems = new ArrayList<>();
    SondeConfig both = SondeConfigAssembly.assemble(now, halves, problems, new ArrayList<>());
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    return new Change(
        new Reading(later.file, writtenNow, now, halves, both),
        taken.stream().map(Option::key).toList(),
        waiting);
  }

  /** An output is there or not from the start to the end. */
  private boolean switches(Option<?> option, Reading later) {
    return switch (option.section()) {
      case "prometheus_export" -> differ(later, c -> c.pipeline().prometheus().isPresent());
      case "health_check" -> differ(later, c -> c.pipeline().health().isPresent());
      case "otel_traces_export" -> differ(later, c -> c.pipeline().otlpTraces().isPresent());
      case "otel_metrics_export" -> differ(later, c -> c.pipeline().otlpMetrics().isPresent());
      case "otel_export" ->
          differ(later, c -> c.pipeline().otlpTraces().isPresent())
              || differ(later, c -> c.pipeline().otlpMetrics().isPresent());
      default -> false;
    };
  }

  private boolean differ(Reading later, Function<SondeConfig, Boolean> has) {
    return !has.apply(config).equals(has.apply(later.config));
  }
}
