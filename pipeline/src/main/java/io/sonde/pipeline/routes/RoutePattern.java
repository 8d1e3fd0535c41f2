package io.sonde.pipeline.routes;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A route as it is configured: {@code /user/{id}/info}, {@code /user/:id/info}, {@code /static/*}.
 * A whole segment {@code {name}}, {@code :name} or {@code *} stands for any one segment; a {@code
 * *} at the end for any rest, none as well.
 *
 * @param text as configured: the route of the paths it matches
 * @param segments without slashes; {@link #ANY} for one that varies
 * @param anyRest whether it goes on in any way
 */
public record RoutePattern(String text, List<String> segments, boolean anyRest) {
  /** No path has such a segment. */
  static final String ANY = "/";

  private static final int MAX_LENGTH = 1024;
  private static final String REST = "*";
  private static final Pattern VARIABLE = Pattern.compile(":\\w*|\\{\\w*}");
  private static final Pattern UNSUPPORTED = Pattern.compile("[{}<>()?#\\s\\p{Cntrl}]|\\*|^:");

  /**
   * @throws IllegalArgumentException that says what is wrong
   */
  public static RoutePattern parse(String text) {
    if (!text.startsWith("/") || text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "a route pattern starts with / and has at most " + MAX_LENGTH + " characters");
    }
    String path = strip(text);
    List<String> parts = path.isEmpty() ? List.of() : List.of(path.split("/", -1));
    boolean anyRest = !parts.isEmpty() && parts.get(parts.size() - 1).equals(REST);
    List<String> segments = anyRest ? parts.subList(0, parts.size() - 1) : parts;
    return new RoutePattern(
        text, segments.stream().map(segment -> segment(segment, text)).toList(), anyRest);
  }

  private static String segment(String segment, String pattern) {
    if (segment.equals(REST) || VARIABLE.matcher(segment).matches()) {
      return ANY;
    }
    if (segment.isEmpty() || UNSUPPORTED.matcher(segment).find()) {
      throw new IllegalArgumentException(
          "\""
              + segment
              + "\" in "
              + pattern
              + " is no segment of a route pattern: a variable is a whole segment, {name} or :name,"
              + " and * stands for one segment or, at the end, for the rest of the path");
    }
    return segment;
  }

  /** Slashes at both ends make no difference. */
  private static String strip(String text) {
    int to = text.length();
    while (to > 1 && text.charAt(to - 1) == '/') {
      to--;
    }
    return text.substring(1, to);
  }
}
