package io.sonde.launcher.companion;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What an Alloy file says, as far as our files need: blocks, and attributes with the text of their
 * expression.
 *
 * @see <a
 *     href="https://grafana.com/docs/alloy/latest/get-started/configuration-syntax/syntax/">syntax</a>
 */
final class AlloyFile {

  /**
   * @param name as {@code otelcol.receiver.otlp}
   * @param label null: none
   */
  record Block(
      String name, String label, List<Attribute> attributes, List<Block> blocks, int line) {
    /** As other blocks refer to it. */
    String id() {
      return label == null ? name : name + "." + label;
    }

    Optional<String> value(String attribute) {
      return attributes.stream()
          .filter(a -> a.name().equals(attribute))
          .map(Attribute::expression)
          .findFirst();
    }

    List<Block> named(String wanted) {
      return blocks.stream().filter(block -> block.name().equals(wanted)).toList();
    }

    /** Itself, and the blocks in it at any depth. */
    Stream<Block> everyBlock() {
      return Stream.concat(Stream.of(this), blocks.stream().flatMap(Block::everyBlock));
    }
  }

  record Attribute(String name, String expression, int line) {}

  /** The file is not in Alloy's syntax. */
  static final class SyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1;

    SyntaxException(int line, String problem) {
      super("line " + line + ": " + problem);
    }
  }

  private final String text;
  private int at;

  private AlloyFile(String text) {
    this.text = text;
  }

  /** The file as a block without a name. */
  static Block parse(String text) {
    AlloyFile file = new AlloyFile(text);
    Block root = file.body("", null, 1);
    if (file.at < text.length()) {
      throw file.problem("a } too many");
    }
    return root;
  }

  private Block body(String name, String label, int line) {
    List<Attribute> attributes = new ArrayList<>();
    List<Block> blocks = new ArrayList<>();
    for (skipBlank(true); at < text.length() && text.charAt(at) != '}'; skipBlank(true)) {
      int start = line();
      String next = word();
      skipBlank(false);
      if (peek('=')) {
        at++;
        attributes.add(new Attribute(next, expression(), start));
      } else {
        blocks.add(block(next, start));
      }
    }
    return new Block(name, label, List.copyOf(attributes), List.copyOf(blocks), line);
  }

  private Block block(String name, int line) {
    String label = null;
    if (peek('"')) {
      int from = at;
      skipString();
      label = text.substring(from + 1, at - 1);
      skipBlank(false);
    }
    if (!peek('{')) {
      throw problem("neither = nor { after " + name);
    }
    at++;
    Block block = body(name, label, line);
    if (!peek('}')) {
      throw new SyntaxException(line, name + " is not closed");
    }
    at++;
    endOfLine();
    return block;
  }

  /** Up to the end of the line on which all its brackets are closed. */
  private String expression() {
    int from = at;
    List<Character> open = new ArrayList<>();
    while (at < text.length() && !(open.isEmpty() && text.charAt(at) == '\n')) {
      char c = text.charAt(at);
      if (c == '"') {
        skipString();
        continue;
      }
      if ("([{".indexOf(c) >= 0) {
        open.add(")]}".charAt("([{".indexOf(c)));
      } else if (")]}".indexOf(c) >= 0 && (open.isEmpty() || open.remove(open.size() - 1) != c)) {
        throw problem("a " + c + " that nothing opens");
      }
      at++;
    }
    String expression = text.substring(from, at).strip();
    if (expression.isEmpty() || !open.isEmpty()) {
      throw problem("an expression without an end");
    }
    return expression;
  }

  private String word() {
    int from = at;
    while (at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || peek('_') || peek('.'))) {
      at++;
    }
    if (from == at) {
      throw problem("a name is expected, not " + text.charAt(at));
    }
    return text.substring(from, at);
  }

  private void skipString() {
    int line = line();
    for (at++; !peek('"'); at++) {
      if (at >= text.length() || peek('\n')) {
        throw new SyntaxException(line, "a string without an end");
      }
      if (peek('\\')) {
        at++;
      }
    }
    at++;
  }

  private void skipBlank(boolean overLines) {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (overLines && text.startsWith("//", at)) {
        at = endOfComment();
      } else if (c == ' ' || c == '\t' || overLines && c == '\n') {
        at++;
      } else {
        return;
      }
    }
  }

  private int endOfComment() {
    int end = text.indexOf('\n', at);
    return end < 0 ? text.length() : end;
  }

  private void endOfLine() {
    if (at < text.length() && !peek('\n')) {
      throw problem("nothing may follow a }");
    }
  }

  private boolean peek(char c) {
    return at < text.length() && text.charAt(at) == c;
  }

  private int line() {
    return 1
        + (int)
            text.substring(0, Math.min(at, text.length())).chars().filter(c -> c == '\n').count();
  }

  private SyntaxException problem(String what) {
    return new SyntaxException(line(), what);
  }
}
