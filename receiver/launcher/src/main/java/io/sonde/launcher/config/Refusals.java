package io.sonde.launcher.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keys that upstream has and Sonde has not, each with a sentence that says why or what instead. */
final class Refusals {
  static final Refusals NONE = new Refusals(Map.of());

  private final Map<String, String> sentences;

  private Refusals(Map<String, String> sentences) {
    this.sentences = sentences;
  }

  static Refusals of(List<String> keys, String sentence) {
    Map<String, String> sentences = new LinkedHashMap<>();
    keys.forEach(key -> sentences.put(key, sentence));
    return new Refusals(sentences);
  }

  Refusals and(Refusals others) {
    Map<String, String> both = new LinkedHashMap<>(sentences);
    both.putAll(others.sentences);
    return new Refusals(both);
  }

  Optional<String> answer(String key) {
    return Optional.ofNullable(sentences.get(key));
  }
}
