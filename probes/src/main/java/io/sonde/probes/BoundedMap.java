package io.sonde.probes;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers so many entries; the eldest makes room. Not safe for use by several threads.
 *
 * @param <K> of entries
 * @param <V> of entries
 */
@SuppressWarnings("serial") // never serialised
public final class BoundedMap<K, V> extends LinkedHashMap<K, V> {
  private final int max;

  private BoundedMap(int max, boolean byUse) {
    super(16, 0.75f, byUse);
    this.max = max;
  }

  /** The eldest is the one that was put first. */
  public static <K, V> BoundedMap<K, V> byAge(int max) {
    return new BoundedMap<>(max, false);
  }

  /** The eldest is the one that was asked for least recently. */
  public static <K, V> BoundedMap<K, V> byUse(int max) {
    return new BoundedMap<>(max, true);
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
    return size() > max;
  }
}
