package io.sonde.launcher.companion;

import java.util.LinkedHashMap;
import java.util.Map;

/** Writes Alloy's syntax the way {@code alloy fmt} would leave it. */
final class AlloyText {
  private final StringBuilder out = new StringBuilder();
  private final Map<String, String> run = new LinkedHashMap<>();
  private int depth;

  /** A line of its own, outside of blocks. */
  AlloyText comment(String text) {
    out.append("// ").append(text).append('\n');
    return this;
  }

  /** A component. */
  AlloyText open(String name, String label) {
    return open(name + " " + quoted(label));
  }

  AlloyText open(String block) {
    boolean first = run.isEmpty() && (out.isEmpty() || out.toString().endsWith("{\n"));
    flush();
    if (!first) {
      out.append('\n');
    }
    indent().append(block).append(" {\n");
    depth++;
    return this;
  }

  /**
   * @param expression as it is written
   */
  AlloyText set(String attribute, String expression) {
    run.put(attribute, expression);
    return this;
  }

  AlloyText close() {
    flush();
    depth--;
    indent().append("}\n");
    return this;
  }

  static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** Attributes in a row have their equals signs in a column. */
  private void flush() {
    int widest = run.keySet().stream().mapToInt(String::length).max().orElse(0);
    run.forEach(
        (name, value) ->
            indent()
                .append(name)
                .append(" ".repeat(widest - name.length()))
                .append(" = ")
                .append(value)
                .append('\n'));
    run.clear();
  }

  private StringBuilder indent() {
    return out.append("\t".repeat(depth));
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
