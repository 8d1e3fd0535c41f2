package io.sonde.launcher.companion;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How {@code alloy fmt} lays out a file, as far as our files go: a tab for each open bracket, one
 * blank line before a block that is not the first in its body, and the {@code =} of a run of
 * attributes in one column. A run ends at a blank line, a comment, a block, and after an attribute
 * of more than one line.
 */
final class AlloyForm {
  private static final Pattern ATTRIBUTE = Pattern.compile("\t*([\\w.]+|\"[^\"]*\")( *)= ?(.*)");
  private static final Pattern BLOCK =
      Pattern.compile("\t*[a-z][\\w.]*( \"[a-z]\\w*\")? \\{( \\})?");

  private final List<String> problems = new ArrayList<>();
  private final List<Matcher> run = new ArrayList<>();
  private int number;
  private int depth;
  private String before = "";

  private AlloyForm() {}

  /** Empty where {@code alloy fmt} would change nothing. */
  static List<String> problems(String text) {
    AlloyForm form = new AlloyForm();
    if (!text.endsWith("\n") || text.endsWith("\n\n")) {
      form.problems.add("the file must end with one line end");
    }
    text.lines().forEach(form::line);
    form.endRun();
    return form.problems;
  }

  private void line(String line) {
    number++;
    blanks(line);
    String content = line.strip();
    int closes = content.isEmpty() ? 0 : leading(content);
    depth -= closes;
    if (!content.isEmpty()
        && !line.startsWith("\t".repeat(Math.max(0, depth)) + content.charAt(0))) {
      problem("indented by other than " + depth + " tabs");
    }
    Matcher attribute = ATTRIBUTE.matcher(line);
    if (BLOCK.matcher(line).matches()) {
      endRun();
      boolean first = before.isEmpty() || before.endsWith("{") || before.strip().startsWith("//");
      if (!first) {
        problem("a blank line is missing before the block");
      }
    } else if (!content.startsWith("//") && attribute.matches()) {
      run.add(attribute);
      if (opened(content) > 0) {
        endRun();
      }
    } else {
      endRun();
    }
    depth += content.startsWith("//") ? 0 : opened(content) + closes;
    before = line;
  }

  private void blanks(String line) {
    if (!line.equals(line.stripTrailing())) {
      problem("blanks at the end");
    }
    boolean blank = line.isEmpty();
    if (blank && (before.isEmpty() || before.endsWith("{"))) {
      problem("a blank line too many");
    }
    if (line.strip().equals("}") && before.isEmpty()) {
      problem("a blank line before }");
    }
  }

  private void endRun() {
    int widest = run.stream().mapToInt(a -> a.group(1).length()).max().orElse(0);
    for (Matcher attribute : run) {
      int width = attribute.group(1).length() + attribute.group(2).length();
      if (width != widest + 1 || !attribute.group().matches(".*?= \\S.*")) {
        problems.add("the = of \"" + attribute.group().strip() + "\" is not in its column");
      }
    }
    run.clear();
  }

  /** Closing brackets that the line begins with. */
  private static int leading(String content) {
    int n = 0;
    String code = joined(content);
    while (n < code.length() && ")]}".indexOf(code.charAt(n)) >= 0) {
      n++;
    }
    return n;
  }

  /** Brackets opened less those closed, outside of strings. */
  private static int opened(String content) {
    String code = joined(content.replaceAll("\"(\\\\.|[^\"\\\\])*\"", ""));
    return code.chars().map(c -> "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0).sum();
  }

  /** The bracket of a list and that of an object in it, written together, indent once. */
  private static String joined(String code) {
    return code.replace("[{", "{").replace("}]", "}");
  }

  private void problem(String what) {
    problems.add("line " + number + ": " + what);
  }
}
