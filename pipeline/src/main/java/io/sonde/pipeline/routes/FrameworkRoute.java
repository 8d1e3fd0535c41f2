package io.sonde.pipeline.routes;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A route as a framework of Go has it, which may have been told of another request, or be anything:
 * it counts only where it matches the path. Immutable.
 *
 * <ul>
 *   <li>net/http since Go 1.22: {@code [METHOD ][HOST]/items/{id}/{rest...}}; <code>{$}</code> is
 *       the end, and a slash there any rest;
 *   <li>gorilla/mux: {@code /items/{id:[0-9]+}.json}; what the expression says is not looked at;
 *   <li>gin: {@code /items/:id/*rest}.
 * </ul>
 */
final class FrameworkRoute {
  private static final int MAX_LENGTH = 256;
  private static final int MAX_VARIABLES = 32;
  private static final String END = "$";
  private static final String REST = "...";

  private enum Kind {
    LITERAL,
    /** At least one character, none of them a slash. */
    SEGMENT,
    ANYTHING
  }

  private record Part(Kind kind, String literal) {}

  private final String text;
  private final List<Part> parts;

  private FrameworkRoute(String text, List<Part> parts) {
    this.text = text;
    this.parts = parts;
  }

  /** As the framework spells it, without method, host, expressions and <code>{$}</code>. */
  String text() {
    return text;
  }

  /**
   * Null for what is no route with a meaning: that is also the one that matches all paths.
   *
   * @param told by the program, hostile
   */
  static FrameworkRoute parse(String told) {
    int path = told.indexOf('/');
    boolean printable = told.chars().allMatch(c -> c > ' ' && c < 0x7f || c == ' ');
    if (path < 0 || told.length() > MAX_LENGTH || !printable || told.indexOf(' ', path) >= 0) {
      return null;
    }
    return new Reader(told.substring(path)).read();
  }

  /**
   * @param path of the target, complete, without query
   */
  boolean matches(String path) {
    return matchesAsSent(path)
        || path.indexOf('%') >= 0 && matchesAsSent(decoded(path))
        || !path.endsWith("/") && text.equals(path + "/"); // which net/http redirects to
  }

  /** All at once: which positions can be reached by the parts so far. */
  private boolean matchesAsSent(String path) {
    BitSet reached = new BitSet(path.length() + 1);
    reached.set(0);
    for (Part part : parts) {
      BitSet next = new BitSet(path.length() + 1);
      switch (part.kind) {
        case LITERAL -> literal(path, part.literal, reached, next);
        case SEGMENT -> segment(path, reached, next);
        case ANYTHING -> {
          if (!reached.isEmpty()) {
            next.set(reached.nextSetBit(0), path.length() + 1);
          }
        }
      }
      reached = next;
    }
    return reached.get(path.length());
  }

  private static void literal(String path, String literal, BitSet reached, BitSet next) {
    for (int i = reached.nextSetBit(0); i >= 0; i = reached.nextSetBit(i + 1)) {
      if (path.startsWith(literal, i)) {
        next.set(i + literal.length());
      }
    }
  }

  private static void segment(String path, BitSet reached, BitSet next) {
    boolean within = false;
    for (int i = 0; i < path.length(); i++) {
      within = (within || reached.get(i)) && path.charAt(i) != '/';
      next.set(i + 1, within);
    }
  }

  /** Frameworks compare what percent-encoding stands for (RFC 3986 §2.1). */
  private static String decoded(String path) {
    byte[] bytes = new byte[path.length() * 3];
    int length = 0;
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      int high = c == '%' && i + 2 < path.length() ? Character.digit(path.charAt(i + 1), 16) : -1;
      int low = high < 0 ? -1 : Character.digit(path.charAt(i + 2), 16);
      if (low >= 0) {
        bytes[length++] = (byte) (high << 4 | low);
        i += 2;
      } else {
        byte[] encoded = String.valueOf(c).getBytes(StandardCharsets.UTF_8);
        System.arraycopy(encoded, 0, bytes, length, encoded.length);
        length += encoded.length;
      }
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  private static final class Reader {
    private final String told;
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder literal = new StringBuilder();
    private final List<Part> parts = new ArrayList<>();
    private int at;
    private boolean ended;

    Reader(String told) {
      this.told = told;
    }

    /** Null when it is malformed. */
    FrameworkRoute read() {
      while (at < told.length()) {
        if (ended || parts.size() > 2 * MAX_VARIABLES || !next()) {
          return null;
        }
      }
      boolean everything = !ended && text.toString().equals("/");
      if (!ended && told.endsWith("/") && !everything) {
        variable(Kind.ANYTHING, "");
      }
      flush();
      return new FrameworkRoute(text.toString(), List.copyOf(parts));
    }

    private boolean next() {
      char c = told.charAt(at);
      boolean segmentBegins = at > 0 && told.charAt(at - 1) == '/';
      if (c == '{') {
        return braces();
      }
      if (segmentBegins && (c == ':' || c == '*')) {
        int slash = told.indexOf('/', at);
        int to = slash < 0 ? told.length() : slash;
        variable(c == ':' ? Kind.SEGMENT : Kind.ANYTHING, told.substring(at, to));
        at = to;
        return c == ':' || slash < 0;
      }
      literal.append(c);
      text.append(c);
      at++;
      return c != '}';
    }

    private boolean braces() {
      int to = closing();
      if (to < 0) {
        return false;
      }
      String name = told.substring(at + 1, to);
      at = to + 1;
      if (name.equals(END)) {
        ended = true;
        return at == told.length();
      }
      int expression = name.indexOf(':');
      if (expression >= 0) {
        variable(Kind.ANYTHING, "{" + name.substring(0, expression) + "}");
      } else {
        variable(name.endsWith(REST) ? Kind.ANYTHING : Kind.SEGMENT, "{" + name + "}");
      }
      return true;
    }

    /** Expressions have braces, too. */
    private int closing() {
      int depth = 0;
      for (int i = at; i < told.length(); i++) {
        depth += told.charAt(i) == '{' ? 1 : told.charAt(i) == '}' ? -1 : 0;
        if (depth == 0) {
          return i;
        }
      }
      return -1;
    }

    private void variable(Kind kind, String spelled) {
      flush();
      parts.add(new Part(kind, ""));
      text.append(spelled);
    }

    private void flush() {
      if (!literal.isEmpty()) {
        parts.add(new Part(Kind.LITERAL, literal.toString()));
        literal.setLength(0);
      }
    }
  }
}
