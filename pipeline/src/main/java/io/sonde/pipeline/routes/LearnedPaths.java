package io.sonde.pipeline.routes;

import java.util.ArrayList;
import java.util.List;

/**
 * What was asked of a service, or by it, as a trie of segments: a place at which more different
 * segments were seen than are allowed collapses into a wildcard, for good. Bounded: where there is
 * no room for another segment, its place collapses too. Not thread-safe.
 */
final class LearnedPaths {
  /** Deeper paths are not told apart further. */
  static final int MAX_DEPTH = 10;

  /** Segments of all paths together, so some 200 KB. */
  static final int MAX_NODES = 2_000;

  /** In {@link #lines}: data, as the classifier sees it. */
  static final char DATA = '*';

  /** In {@link #lines}: a place that has collapsed. */
  static final char COLLAPSED = '!';

  private static final class Node {
    SegmentMap<Node> words = new SegmentMap<>();
    Node wildcard;
    boolean collapsed;
  }

  private SegmentRoom room;
  private Node root = new Node();
  private int nodes;
  private boolean changed;

  /**
   * @param room that it shares with others
   */
  LearnedPaths(SegmentRoom room) {
    this.room = room;
  }

  /**
   * Writes the route of a path, and learns from it.
   *
   * @param path begins with a slash
   * @param learn whether it is to be remembered
   * @param maxWords different segments at one place
   * @param wildcard stands for a segment that varies
   */
  void route(String path, boolean learn, int maxWords, char wildcard, StringBuilder route) {
    Node node = root;
    int depth = 0;
    int from = 0;
    while (from < path.length()) {
      int slash = path.indexOf('/', from);
      int to = slash < 0 ? path.length() : slash;
      if (to > from) {
        if (depth++ == MAX_DEPTH) {
          route.append('/').append(wildcard);
          return;
        }
        boolean mayBeWord = node == null ? !learn : !node.collapsed; // null and learn: no room
        Node next = mayBeWord && node != null ? node.words.get(path, from, to) : null;
        boolean word = next != null; // what was learned has been judged before
        if (!word && mayBeWord && SegmentClassifier.belongsToRoute(path, from, to)) {
          next = node != null && learn ? learned(node, path.substring(from, to), maxWords) : null;
          word = next != null || !learn;
        }
        if (!word && node != null) {
          next = wildcardOf(node, learn);
        }
        route.append('/');
        if (word) {
          route.append(path, from, to);
        } else {
          route.append(wildcard);
        }
        node = next;
      }
      from = to + 1;
    }
    if (depth == 0) {
      route.append('/');
    }
  }

  /** The new child for a word; null where there is no place for it. */
  private Node learned(Node node, String word, int maxWords) {
    if (node.words.size() >= maxWords || !take()) {
      if (node.words.size() > 0) {
        collapse(node, maxWords);
      }
      return null;
    }
    Node child = new Node();
    node.words.put(word, child);
    changed = true;
    return child;
  }

  private Node wildcardOf(Node node, boolean learn) {
    if (node.wildcard == null && learn && take()) {
      node.wildcard = new Node();
      changed = true;
    }
    return node.wildcard;
  }

  /** Makes room for one more, or returns false when there is none. */
  private boolean take() {
    if (nodes == MAX_NODES || !room.take()) {
      return false;
    }
    nodes++;
    return true;
  }

  private void collapse(Node node, int maxWords) {
    node.collapsed = true;
    node.wildcard = node.wildcard == null ? new Node() : node.wildcard;
    for (Node child : node.words.values()) {
      merge(node.wildcard, child, maxWords);
    }
    node.words = new SegmentMap<>();
    int left = count(root);
    room.giveBack(nodes - left);
    nodes = left;
    changed = true;
  }

  private void merge(Node into, Node from, int maxWords) {
    if (from.wildcard != null) {
      if (into.wildcard == null) {
        into.wildcard = from.wildcard;
      } else {
        merge(into.wildcard, from.wildcard, maxWords);
      }
    }
    into.collapsed |= from.collapsed;
    from.words.forEach((name, child) -> mergeWord(into, name, child, maxWords));
    if (into.collapsed && into.words.size() > 0) {
      collapse(into, maxWords);
    }
  }

  private void mergeWord(Node into, String name, Node child, int maxWords) {
    Node known = into.words.get(name);
    if (known != null) {
      merge(known, child, maxWords);
    } else {
      into.words.put(name, child);
      into.collapsed |= into.words.size() > maxWords;
    }
  }

  private static int count(Node node) {
    int count = node.words.size() + (node.wildcard == null ? 0 : 1);
    for (Node child : node.words.values()) {
      count += count(child);
    }
    return node.wildcard == null ? count : count + count(node.wildcard);
  }

  int nodes() {
    return nodes;
  }

  /** Gives back the room it takes; it learns nothing any more. */
  void forget() {
    room.giveBack(nodes);
    room = new SegmentRoom(0);
    root = new Node();
    nodes = 0;
  }

  /** Whether it has changed since the last call. */
  boolean takeChanged() {
    boolean was = changed;
    changed = false;
    return was;
  }

  /** One line for each way from the root to an end, as {@code /users/*}; empty when none. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    if (nodes > 0) {
      lines(root, "", lines);
    }
    return lines;
  }

  private static void lines(Node node, String prefix, List<String> lines) {
    if (node.words.size() == 0 && node.wildcard == null) {
      lines.add(prefix);
      return;
    }
    node.words.forEach((name, child) -> lines(child, prefix + '/' + name, lines));
    if (node.wildcard != null) {
      lines(node.wildcard, prefix + '/' + (node.collapsed ? COLLAPSED : DATA), lines);
    }
  }

  /**
   * Takes in a line of {@link #lines}.
   *
   * @throws IllegalArgumentException when it is none
   */
  void add(String line) {
    if (!line.startsWith("/") || line.length() == 1) {
      throw new IllegalArgumentException("it does not begin with a slash and a segment");
    }
    Node node = root;
    int depth = 0;
    int from = 1;
    while (from <= line.length()) {
      int slash = line.indexOf('/', from);
      int to = slash < 0 ? line.length() : slash;
      if (++depth > MAX_DEPTH) {
        throw new IllegalArgumentException("it is deeper than " + MAX_DEPTH);
      }
      node = child(node, line.substring(from, to));
      from = to + 1;
    }
  }

  private Node child(Node node, String segment) {
    boolean collapsed = segment.equals(String.valueOf(COLLAPSED));
    if (collapsed || segment.equals(String.valueOf(DATA))) {
      if (collapsed && node.words.size() > 0) {
        throw new IllegalArgumentException("words at a place that has collapsed");
      }
      node.collapsed |= collapsed;
      if (node.wildcard == null) {
        requireRoom();
        node.wildcard = new Node();
      }
      return node.wildcard;
    }
    if (!SegmentClassifier.belongsToRoute(segment, 0, segment.length()) || node.collapsed) {
      throw new IllegalArgumentException("a segment that would not have been learned");
    }
    Node known = node.words.get(segment);
    if (known == null) {
      requireRoom();
      known = new Node();
      node.words.put(segment, known);
    }
    return known;
  }

  private void requireRoom() {
    if (!take()) {
      throw new IllegalArgumentException("there are more segments than are kept");
    }
  }
}
