package io.sonde.pipeline.routes;

import java.util.List;

/**
 * The configured patterns, by their segments. Immutable; safe for many threads.
 *
 * <p>Of all patterns that match a path the most specific one wins. They are compared segment by
 * segment from the left, and where they first differ, a literal segment goes before a variable one,
 * a variable one before {@code *} for the rest, and the end of the path before that too. So of
 * {@code /user/me}, {@code /user/{id}} and {@code /user/*}, in whatever order they were given, the
 * path {@code /user/me} has the first, {@code /user/7} the second and {@code /user/7/info} the
 * third. Of patterns that match the very same paths the first one given is the route.
 *
 * <p>Segments are compared as they were sent, percent-encoded where they were. A slash at the end
 * makes no difference; an empty segment, {@code .} and {@code ..} match only {@code *} for the
 * rest, since what a server makes of them is not known.
 *
 * <p>Cost: at most one visit of each node, so it is bounded by what is configured, not by the path.
 */
final class PatternTrie {
  private static final class Node {
    final SegmentMap<Node> literals = new SegmentMap<>();
    Node any;
    String route;
    String restRoute;
  }

  private final Node root = new Node();

  PatternTrie(List<String> patterns) {
    for (String text : patterns) {
      RoutePattern pattern = RoutePattern.parse(text);
      Node node = root;
      for (String segment : pattern.segments()) {
        node = child(node, segment);
      }
      if (pattern.anyRest()) {
        node.restRoute = node.restRoute == null ? text : node.restRoute;
      } else {
        node.route = node.route == null ? text : node.route;
      }
    }
  }

  private static Node child(Node node, String segment) {
    if (segment.equals(RoutePattern.ANY)) {
      node.any = node.any == null ? new Node() : node.any;
      return node.any;
    }
    Node known = node.literals.get(segment);
    if (known == null) {
      known = new Node();
      node.literals.put(segment, known);
    }
    return known;
  }

  /**
   * The pattern that the path matches.
   *
   * @param path of a target, complete
   * @return null when none does
   */
  String find(String path) {
    return path.startsWith("/") ? find(root, path, 1) : null;
  }

  /**
   * @param from after the slash
   */
  private static String find(Node node, String path, int from) {
    if (from >= path.length()) {
      return node.route == null ? node.restRoute : node.route;
    }
    int slash = path.indexOf('/', from);
    int to = slash < 0 ? path.length() : slash;
    String found = null;
    Node literal = node.literals.get(path, from, to);
    if (literal != null) {
      found = find(literal, path, to + 1);
    }
    if (found == null && node.any != null && varies(path, from, to)) {
      found = find(node.any, path, to + 1);
    }
    return found == null ? node.restRoute : found;
  }

  private static boolean varies(String path, int from, int to) {
    return to > from && !isDots(path, from, to);
  }

  private static boolean isDots(String path, int from, int to) {
    return to - from <= 2 && path.charAt(from) == '.' && path.charAt(to - 1) == '.';
  }
}
