package io.sonde.launcher.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The value of every option, after defaults, file and environment. */
final class Values {
  private final Map<Option<?>, Object> values;
  private final Map<String, String> origins;

  /**
   * @param origins by key, of what is set: {@code sonde.conf: 3}, {@code environment variable X}
   */
  Values(Map<Option<?>, Object> values, Map<String, String> origins) {
    this.values = values;
    this.origins = Map.copyOf(origins);
  }

  /** Null only for options whose type is optional. */
  @SuppressWarnings("unchecked") // put in by the reader of the same option
  <T> T get(Option<T> option) {
    return (T) values.get(option);
  }

  /** These, but for some options with the values that the others have. */
  Values with(Set<Option<?>> some, Values others) {
    Map<Option<?>, Object> mixed = new HashMap<>(values);
    Map<String, String> from = new HashMap<>(origins);
    for (Option<?> option : some) {
      mixed.put(option, others.values.get(option));
      from.remove(option.key());
      if (others.origins.containsKey(option.key())) {
        from.put(option.key(), others.origins.get(option.key()));
      }
    }
    return new Values(mixed, from);
  }

  /** Where what is set was set, by key. */
  Map<String, String> origins() {
    return origins;
  }
}
