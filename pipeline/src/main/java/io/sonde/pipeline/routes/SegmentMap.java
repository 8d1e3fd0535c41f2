package io.sonde.pipeline.routes;

import java.util.Arrays;
import java.util.Collection;
import java.util.function.BiConsumer;

/**
 * A map from segments of paths. They are looked up where they stand in their path: nothing is
 * copied. Kept sorted by length and content, and searched by halves.
 */
final class SegmentMap<V> {
  private String[] names = new String[0];
  private Object[] values = new Object[0];
  private int size;

  int size() {
    return size;
  }

  /** Null when there is none. */
  V get(String path, int from, int to) {
    int at = search(path, from, to);
    return at < 0 ? null : value(at);
  }

  V get(String name) {
    return get(name, 0, name.length());
  }

  /** Replaces what was there. */
  void put(String name, V value) {
    int at = search(name, 0, name.length());
    if (at >= 0) {
      values[at] = value;
      return;
    }
    int place = -at - 1;
    if (size == names.length) {
      names = Arrays.copyOf(names, Math.max(4, size * 2));
      values = Arrays.copyOf(values, names.length);
    }
    System.arraycopy(names, place, names, place + 1, size - place);
    System.arraycopy(values, place, values, place + 1, size - place);
    names[place] = name;
    values[place] = value;
    size++;
  }

  void forEach(BiConsumer<String, V> action) {
    for (int i = 0; i < size; i++) {
      action.accept(names[i], value(i));
    }
  }

  @SuppressWarnings("unchecked") // only put adds values
  Collection<V> values() {
    return (Collection<V>) Arrays.asList(values).subList(0, size);
  }

  @SuppressWarnings("unchecked") // only put adds values
  private V value(int at) {
    return (V) values[at];
  }

  /** Its place, or {@code -place - 1} of where it would be. */
  private int search(String path, int from, int to) {
    int low = 0;
    int high = size - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int difference = compare(names[middle], path, from, to);
      if (difference == 0) {
        return middle;
      }
      if (difference < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -low - 1;
  }

  private static int compare(String name, String path, int from, int to) {
    int difference = name.length() - (to - from);
    for (int i = 0; difference == 0 && i < name.length(); i++) {
      difference = name.charAt(i) - path.charAt(from + i);
    }
    return difference;
  }
}
