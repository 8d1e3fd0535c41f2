package io.sonde.launcher.migrate;

import io.sonde.launcher.beyla.Answer;
import io.sonde.launcher.beyla.Settings;
import io.sonde.launcher.config.BeylaReference;
import io.sonde.launcher.config.ConfigurationException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Turns what Beyla is told into what Sonde is told, key by key. What has no effect here stays as a
 * comment with the reason, and so does what our own reader would refuse: it accepts the result.
 */
public final class Migration {
  /** Aliases can make a small file a large one. */
  private static final int MAX_VALUES = 10_000;

  /** Beyla's switch before trace_printer came. */
  private static final String PRINT_TRACES = "print_traces";

  private final String name;
  private final StringBuilder out = new StringBuilder();
  private int values;

  private Migration(String name) {
    this.name = name;
  }

  /**
   * @param name of Beyla's file, for messages
   * @param yaml its text
   * @return a sonde.conf
   * @throws ConfigurationException when it is not YAML
   */
  public static String of(String name, String yaml) throws ConfigurationException {
    Migration migration = new Migration(name);
    migration.comment(
        "What "
            + name
            + " tells Beyla, for Sonde. What is commented out has no effect here, for the reason"
            + " given.");
    Optional<MappingNode> root = BeylaYaml.read(name, yaml);
    if (root.isPresent()) {
      migration.section("", root.get());
    }
    return migration.out.toString();
  }

  private void section(String prefix, MappingNode node) throws ConfigurationException {
    refuseTwice(node);
    for (NodeTuple entry : node.getValue()) {
      String key = prefix + key(entry);
      Node value = entry.getValueNode();
      count(value);
      if (value instanceof MappingNode section && !isAnswered(key)) {
        section(key + ".", section);
      } else if (value instanceof SequenceNode list && isOfEntries(key, list)) {
        entries(key, list);
      } else if (!isNothing(value)) {
        leaf(key, value);
      }
    }
  }

  /** Beyla does not start with that either. */
  private void refuseTwice(MappingNode node) throws ConfigurationException {
    Set<String> seen = new HashSet<>();
    for (NodeTuple entry : node.getValue()) {
      if (!seen.add(key(entry))) {
        throw BeylaYaml.problem(
            name, entry.getKeyNode().getStartMark(), key(entry) + " is there twice");
      }
    }
  }

  private static String key(NodeTuple entry) {
    return entry.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
  }

  private void count(Node node) throws ConfigurationException {
    if (node.isRecursive()) {
      throw BeylaYaml.problem(name, node.getStartMark(), "it contains itself");
    }
    if (++values > MAX_VALUES) {
      throw BeylaYaml.problem(
          name, node.getStartMark(), "more than " + MAX_VALUES + " values, aliases included");
    }
  }

  /** As a whole, its keys being free. */
  private static boolean isAnswered(String key) {
    return Settings.knows(key + ".*");
  }

  private static boolean isOfEntries(String key, SequenceNode list) {
    return Settings.knows(key + "[]")
        && list.getValue().stream().anyMatch(MappingNode.class::isInstance);
  }

  private static boolean isNothing(Node value) {
    return value.getTag().equals(Tag.NULL);
  }

  private void leaf(String key, Node node) throws ConfigurationException {
    if (key.equals(PRINT_TRACES)) {
      out.append("trace_printer = ")
          .append(text(node).equals("true") ? "text" : "disabled")
          .append('\n');
      return;
    }
    String value = text(node);
    Answer answer = BeylaReference.answer(key);
    if (!Settings.knows(key)) {
      comment(key + " = " + value + ": Beyla does not know it either" + meant(key));
    } else if (!answer.honoured()) {
      comment(key + " = " + value + ": " + answer.remark());
    } else {
      assign(key, answer, node, value);
    }
  }

  private static String meant(String key) {
    return Settings.nearest(key).map(nearest -> ", perhaps " + nearest + " is meant").orElse("");
  }

  private void assign(String key, Answer answer, Node node, String value) {
    Optional<String> problem = BeylaReference.problem(answer.key(), value);
    if (problem.isPresent()) {
      comment(key + " = " + value + ": " + problem.get());
      return;
    }
    if (!answer.remark().isEmpty()) {
      comment(key + ": " + answer.remark());
    }
    if (node instanceof ScalarNode scalar) {
      HoconValue.of(scalar.getValue())
          .fallback()
          .ifPresent(fallback -> line(answer.key(), fallback));
    }
    line(answer.key(), value);
  }

  private void entries(String key, SequenceNode list) throws ConfigurationException {
    List<String> entries = new ArrayList<>();
    for (Node element : list.getValue()) {
      count(element);
      if (element instanceof MappingNode mapping) {
        entry(key + "[].", mapping, BeylaReference.answer(key).honoured()).ifPresent(entries::add);
      } else {
        comment(key + " has " + text(element) + ", which is not a mapping");
      }
    }
    if (!entries.isEmpty()) {
      out.append(key).append(" = [\n  ").append(String.join("\n  ", entries)).append("\n]\n");
    }
  }

  /** Without those of its keys that have no effect; empty when it cannot be without them. */
  private Optional<String> entry(String prefix, MappingNode mapping, boolean honoured)
      throws ConfigurationException {
    List<String> fields = new ArrayList<>();
    List<String> reasons = new ArrayList<>();
    boolean whole = honoured;
    for (Field field : fields("", mapping)) {
      String key = prefix + field.key();
      Answer answer = BeylaReference.answer(key);
      if (answer.honoured()) {
        fields.add(field.key() + " = " + field.value());
      } else {
        whole &= !BeylaReference.isCriterion(key);
        reasons.add(
            field.key()
                + " = "
                + field.value()
                + ": "
                + (Settings.knows(key) ? answer.remark() : "Beyla does not know it either"));
      }
    }
    String entry = "{ " + String.join(", ", fields) + " }";
    String list = prefix.substring(0, prefix.indexOf("[]"));
    Optional<String> problem =
        whole ? BeylaReference.problem(list, "[" + entry + "]") : Optional.empty();
    problem.ifPresent(reasons::add);
    if (!whole || problem.isPresent()) {
      comment(list + " has an entry that has no effect here: " + entry);
    }
    reasons.forEach(reason -> comment(list + ": " + reason));
    return whole && problem.isEmpty() ? Optional.of(entry) : Optional.empty();
  }

  private record Field(String key, String value) {}

  private List<Field> fields(String prefix, MappingNode mapping) throws ConfigurationException {
    List<Field> fields = new ArrayList<>();
    refuseTwice(mapping);
    for (NodeTuple entry : mapping.getValue()) {
      String key = prefix + key(entry);
      count(entry.getValueNode());
      if (entry.getValueNode() instanceof MappingNode inner) {
        fields.addAll(fields(key + ".", inner));
      } else if (!isNothing(entry.getValueNode())) {
        fields.add(new Field(key, text(entry.getValueNode())));
      }
    }
    return fields;
  }

  /** As HOCON. */
  private String text(Node node) throws ConfigurationException {
    if (node instanceof ScalarNode scalar) {
      return HoconValue.of(scalar.getValue()).text();
    }
    List<String> parts = new ArrayList<>();
    if (node instanceof SequenceNode list) {
      for (Node element : list.getValue()) {
        count(element);
        parts.add(text(element));
      }
      return "[" + String.join(", ", parts) + "]";
    }
    for (NodeTuple entry : ((MappingNode) node).getValue()) {
      count(entry.getValueNode());
      parts.add(HoconValue.of(key(entry)).text() + " = " + text(entry.getValueNode()));
    }
    return "{ " + String.join(", ", parts) + " }";
  }

  private void line(String key, String value) {
    out.append(key).append(" = ").append(value).append('\n');
  }

  /** A key may hold anything, even the end of a line. */
  private void comment(String text) {
    out.append("# ").append(text.replaceAll("\\p{Cntrl}", " ")).append('\n');
  }
}
