package io.sonde.launcher.companion;

import io.sonde.launcher.companion.AlloyFile.Attribute;
import io.sonde.launcher.companion.AlloyFile.Block;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Whether every name in a file means something: components, their settings, what refers to them.
 */
final class AlloyNames {
  private static final Pattern STRING = Pattern.compile("\"(\\\\.|[^\"\\\\])*\"");
  private static final Pattern REFERENCE = Pattern.compile("[a-z_]\\w*(\\.[a-z_]\\w*)+");

  private final Documented documented;
  private final List<String> problems = new ArrayList<>();

  private AlloyNames(Documented documented) {
    this.documented = documented;
  }

  static List<String> problems(Block file, Documented documented) {
    AlloyNames names = new AlloyNames(documented);
    names.scope(file);
    return names.problems;
  }

  /** A file or a declaration: what is in it can refer only to what else is in it. */
  private void scope(Block scope) {
    Map<String, String> kindOfId = new HashMap<>(Map.of("constants", "constants", "sys", "sys"));
    for (Block component : scope.blocks()) {
      if (kindOfId.put(component.id(), component.name()) != null) {
        problem(component, component.id() + " is there twice");
      }
      settings(component, component.name());
      if (component.name().equals("declare")) {
        scope(component);
        arguments(component);
      }
    }
    scope.blocks().stream()
        .filter(component -> !component.name().equals("declare"))
        .flatMap(Block::everyBlock)
        .flatMap(block -> block.attributes().stream())
        .forEach(attribute -> references(attribute, kindOfId));
  }

  private void settings(Block block, String path) {
    Documented.Kind kind = documented.kind(path);
    if (kind == null) {
      problem(block, path + " is not documented");
      return;
    }
    Set<String> given = new HashSet<>();
    block.attributes().forEach(attribute -> given.add(attribute.name()));
    block.blocks().forEach(inner -> given.add(inner.name()));
    Stream.concat(
            given.stream().filter(name -> !kind.known().contains(name)).map(n -> n + " is unknown"),
            kind.required().stream()
                .filter(name -> !given.contains(name))
                .map(name -> name + " is missing"))
        .forEach(what -> problem(block, path + ": " + what));
    if (!path.equals("declare")) {
      block.blocks().forEach(inner -> settings(inner, path + "/" + inner.name()));
    }
  }

  private void references(Attribute attribute, Map<String, String> kindOfId) {
    REFERENCE
        .matcher(STRING.matcher(attribute.expression()).replaceAll(""))
        .results()
        .map(result -> result.group())
        .filter(reference -> !resolves(reference, kindOfId))
        .forEach(
            reference ->
                problems.add("line " + attribute.line() + ": " + reference + " leads nowhere"));
  }

  private boolean resolves(String reference, Map<String, String> kindOfId) {
    int dot = reference.lastIndexOf('.');
    String kind = kindOfId.get(reference.substring(0, dot));
    String export = reference.substring(dot + 1);
    return kind != null
        && (kind.equals("argument")
            ? export.equals("value")
            : documented.kind(kind) != null && documented.kind(kind).exports().contains(export));
  }

  private void arguments(Block declaration) {
    Set<String> unused = new TreeSet<>(Documented.labels(declaration.named("argument")));
    declaration
        .everyBlock()
        .flatMap(block -> block.attributes().stream())
        .map(Attribute::expression)
        .forEach(
            expression ->
                unused.removeIf(name -> expression.contains("argument." + name + ".value")));
    unused.forEach(name -> problem(declaration, "argument " + name + " is not used"));
  }

  private void problem(Block block, String what) {
    problems.add("line " + block.line() + ": " + what);
  }
}
