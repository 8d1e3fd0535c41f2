package io.sonde.launcher.config;

import java.util.stream.Collectors;

/** Prints the commented reference file from the list of options. */
public final class Reference {
  private static final int WIDTH = 100;

  private final StringBuilder out = new StringBuilder();
  private String section = "";

  private Reference() {}

  /** All keys with their defaults: reading it changes nothing. */
  public static String text() {
    return new Reference().print();
  }

  private String print() {
    comment(
        "",
        "Sonde's configuration, HOCON: https://github.com/lightbend/config/blob/main/HOCON.md"
            + " Every key is here with its default. An environment variable goes before this file;"
            + " of its spellings, the first one listed that is set counts. Durations are written"
            + " 500ms, 10s, 1m30s.");
    for (Option<?> option : Options.ALL) {
      enter(option.section());
      String indent = section.isEmpty() ? "" : "  ";
      out.append('\n');
      comment(indent, option.doc());
      if (!option.example().isEmpty()) {
        option.fields().forEach(field -> comment(indent, "  " + field.key() + ": " + field.doc()));
        option.example().lines().forEach(line -> out.append(indent + "# " + line + "\n"));
      }
      if (!option.variables().isEmpty()) {
        comment(
            indent,
            "Environment: "
                + option.variables().stream()
                    .map(EnvironmentVariable::toString)
                    .collect(Collectors.joining(", ")));
      }
      if (option == OutputKeys.TRACE_PRINTER) {
        comment(indent, "The same as text: " + Environment.PRINT_TRACES + " = true");
      }
      out.append(indent).append(option.name()).append(" = ").append(option.defaultValue());
      out.append('\n');
    }
    enter("");
    return out.toString();
  }

  private void enter(String next) {
    if (!next.equals(section)) {
      if (!section.isEmpty()) {
        out.append("}\n");
      }
      if (!next.isEmpty()) {
        out.append('\n').append(next).append(" {");
      }
      section = next;
    }
  }

  private void comment(String indent, String text) {
    StringBuilder line = new StringBuilder(indent).append('#');
    for (String word : text.split(" ")) {
      if (line.length() + 1 + word.length() > WIDTH) {
        out.append(line).append('\n');
        line = new StringBuilder(indent).append('#');
      }
      line.append(' ').append(word);
    }
    out.append(line).append('\n');
  }
}
