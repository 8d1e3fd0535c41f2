package io.sonde.pipeline.export.print;

/**
 * Makes captured text safe for a terminal: a path may hold escape sequences. Control characters and
 * what is no character become {@code \\xNN} or a replacement character.
 */
final class Printable {
  private Printable() {}

  static void append(StringBuilder out, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c >= 0x7f && c < 0xa0) {
        out.append(String.format("\\x%02x", (int) c));
      } else {
        out.append(c);
      }
    }
  }
}
