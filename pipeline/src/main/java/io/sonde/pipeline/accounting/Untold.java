package io.sonde.pipeline.accounting;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Exchanges that were understood and that a signal does not tell of because the configuration wants
 * it so: neither lost nor silent. Safe for use by many threads.
 */
public final class Untold {
  /** Who does not tell of it. */
  public enum Signal {
    METRICS,
    TRACES
  }

  /** Why. Lower-case name = label value of the self-metric. */
  public enum Reason {
    IGNORED_PATTERN("its path matches routes.ignored_patterns");

    private final String sentence;

    Reason(String sentence) {
      this.sentence = sentence;
    }
  }

  private static final String HELP = help();

  private final LongAdder[][] counts =
      new LongAdder[Signal.values().length][Reason.values().length];

  public Untold() {
    for (LongAdder[] ofSignal : counts) {
      for (int i = 0; i < ofSignal.length; i++) {
        ofSignal[i] = new LongAdder();
      }
    }
  }

  public void count(Signal signal, Reason reason) {
    counts[signal.ordinal()][reason.ordinal()].increment();
  }

  SelfMetric metric() {
    Map<Map<String, String>, Double> points = new LinkedHashMap<>();
    for (Signal signal : Signal.values()) {
      for (Reason reason : Reason.values()) {
        long count = counts[signal.ordinal()][reason.ordinal()].sum();
        if (count > 0) {
          points.put(Map.of("signal", label(signal), "reason", label(reason)), (double) count);
        }
      }
    }
    return SelfMetric.counter("sonde_exchanges_untold", HELP, "{exchange}", points);
  }

  private static String label(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static String help() {
    StringBuilder help =
        new StringBuilder("Exchanges that a signal does not tell of, as configured, by reason");
    for (Reason reason : Reason.values()) {
      help.append("; ").append(label(reason)).append(": ").append(reason.sentence);
    }
    return help.append('.').toString();
  }
}
