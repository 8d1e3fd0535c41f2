package io.sonde.launcher.config;

import static io.sonde.launcher.config.Type.elements;
import static io.sonde.launcher.config.Type.require;
import static io.sonde.launcher.config.Type.text;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Names and their values. */
final class MapType {
  static final Type<Map<String, String>> MAP =
      new Type<>(
          "an object { name = \"value\" }, or a text \"name=value,name=value\" with %-escapes",
          MapType::map);

  private MapType() {}

  private static Map<String, String> map(ConfigValue value) {
    Map<String, String> map = new LinkedHashMap<>();
    if (value instanceof ConfigObject object) {
      flatten("", object, map);
      return map;
    }
    for (String pair : elements(value)) {
      int equals = pair.indexOf('=');
      require(equals > 0);
      map.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
    }
    return map;
  }

  /** HOCON reads {@code a.b = 1} as an object in an object; here it is a name with a dot. */
  private static void flatten(String prefix, ConfigObject object, Map<String, String> into) {
    object.forEach(
        (name, value) -> {
          if (value instanceof ConfigObject inner) {
            flatten(prefix + name + ".", inner, into);
          } else {
            into.put(TextTypes.oneLine(prefix + name), TextTypes.oneLine(text(value)));
          }
        });
  }

  private static String decode(String text) {
    // URLDecoder would also turn a plus into a space.
    return TextTypes.oneLine(
        URLDecoder.decode(text.strip().replace("+", "%2B"), StandardCharsets.UTF_8));
  }
}
