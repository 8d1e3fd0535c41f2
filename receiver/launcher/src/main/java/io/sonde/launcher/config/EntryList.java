package io.sonde.launcher.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a list of objects that all have the same options. */
final class EntryList {
  /** More than anybody writes by hand; each is looked at for every process that is started. */
  private static final int MAX_ENTRIES = 1000;

  /** What is wrong inside a list, with the key and the line of each; ready to be told. */
  static final class ProblemsException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;
    private final transient List<String> problems;

    ProblemsException(List<String> problems) {
      super(String.join("\n", problems));
      this.problems = List.copyOf(problems);
    }

    List<String> problems() {
      return problems;
    }
  }

  private final String key;
  private final List<Option<?>> fields;
  private final Refusals refusals;
  private final List<String> problems = new ArrayList<>();

  private EntryList(String key, List<Option<?>> fields, Refusals refusals) {
    this.key = key;
    this.fields = fields;
    this.refusals = refusals;
  }

  /**
   * @param key of the list
   * @param fields the options of an entry; their keys are within the entry
   */
  static Type<List<Entry>> type(String key, List<Option<?>> fields, Refusals refusals) {
    return new Type<>(
        "a list of objects: [ { " + fields.get(0).key() + " = … }, … ]",
        value -> new EntryList(key, fields, refusals).read(value));
  }

  private List<Entry> read(ConfigValue value) {
    if (!(value instanceof ConfigList list) || list.size() > MAX_ENTRIES) {
      throw new IllegalArgumentException();
    }
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      entries.add(entry(key + "[" + i + "]", list.get(i)));
    }
    if (!problems.isEmpty()) {
      throw new ProblemsException(problems);
    }
    return List.copyOf(entries);
  }

  private Entry entry(String place, ConfigValue value) {
    Map<Option<?>, Object> values = new HashMap<>();
    String origin = value.origin().description();
    if (value instanceof ConfigObject object) {
      Map<String, ConfigValue> given =
          KeyedValues.of(
              object,
              fields,
              refusals,
              place + ".",
              "conf/sonde.conf says what an entry may have",
              problems::add);
      for (Option<?> field : fields) {
        ConfigValue own = given.get(field.key());
        Optional<Object> read =
            Conversion.of(
                field,
                place + "." + field.key(),
                own == null ? ConfigReader.defaultOf(field) : own,
                problems::add);
        values.put(field, read.orElse(null));
      }
    } else {
      problems.add(origin + ": " + place + " is not an object: write { … }");
    }
    return new Entry(place, origin, new Values(values, Map.of()));
  }
}
