package io.sonde.pipeline.export.prometheus;

/** Attribute names as label names, OpenTelemetry's "Prometheus and OpenMetrics Compatibility". */
final class LabelNames {
  private LabelNames() {}

  /** {@code host.name} becomes {@code host_name}. Never empty, never a reserved {@code __} name. */
  static String of(String attribute) {
    StringBuilder name = new StringBuilder(attribute.length());
    for (int i = 0; i < attribute.length(); i++) {
      char c = attribute.charAt(i);
      boolean allowed = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      char next = allowed ? c : '_';
      boolean second = next == '_' && name.length() > 0 && name.charAt(name.length() - 1) == '_';
      if (!second) {
        name.append(next);
      }
    }
    if (name.length() == 0 || Character.isDigit(name.charAt(0))) {
      name.insert(0, "key_");
    }
    return name.toString();
  }
}
