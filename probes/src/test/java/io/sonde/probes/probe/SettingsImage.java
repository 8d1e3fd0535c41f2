package io.sonde.probes.probe;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where {@link Settings} writes each of its fields, by the C expression that says where it belongs.
 */
public final class SettingsImage {
  private static final List<String> FIELDS =
      List.of(
          "request_bytes",
          "response_bytes",
          "max_connections",
          "select_by_executable",
          "own_tgid",
          "idle_ms",
          "tls");

  private SettingsImage() {}

  public static Map<String, Integer> all() {
    // distinct values, so that each field can be found again
    ByteBuffer image =
        ByteBuffer.wrap(new Settings(101, 102, 103, true, 104, 105, false, true, true).image())
            .order(ByteOrder.nativeOrder());
    List<Integer> values = List.of(101, 102, 103, 1, 104, 105, 0);
    Map<String, Integer> numbers = new LinkedHashMap<>();
    numbers.put("sizeof(struct settings)", image.capacity());
    for (int i = 0; i < FIELDS.size(); i++) {
      numbers.put(
          "offsetof(struct settings, " + FIELDS.get(i) + ")", offsetOf(image, values.get(i)));
    }
    return numbers;
  }

  private static int offsetOf(ByteBuffer image, int value) {
    for (int at = 0; at < image.capacity(); at += Integer.BYTES) {
      if (image.getInt(at) == value) {
        return at;
      }
    }
    throw new AssertionError(value + " is not in the image");
  }
}
