package io.sonde.launcher.migrate;

import io.sonde.launcher.config.ConfigurationException;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads YAML into nodes that know their place; nothing in it is made into an object. */
final class BeylaYaml {
  /** Beyla's own reference, whole, is 80 KB. */
  private static final int MAX_CHARACTERS = 1 << 20;

  /** Beyla's goes to 7. */
  private static final int MAX_DEPTH = 32;

  private BeylaYaml() {}

  /**
   * The document, which is a mapping; empty when there is nothing in it.
   *
   * @param name of the file, for messages
   * @throws ConfigurationException when it is not YAML, with line and column
   */
  static Optional<MappingNode> read(String name, String text) throws ConfigurationException {
    LoadSettings settings =
        LoadSettings.builder().setLabel(name).setCodePointLimit(MAX_CHARACTERS).build();
    try {
      refuseDeep(name, new Parse(settings).parseString(text));
      Optional<Node> root = new Compose(settings).composeString(text);
      if (root.isPresent() && !(root.get() instanceof MappingNode)) {
        throw problem(name, root.get().getStartMark(), "a mapping is expected: key: value");
      }
      return root.map(MappingNode.class::cast);
    } catch (MarkedYamlEngineException e) {
      throw problem(name, e.getProblemMark(), e.getProblem());
    } catch (YamlEngineException e) {
      throw new ConfigurationException(List.of(name + ": " + e.getMessage()));
    }
  }

  /** Before anything recursive looks at it. */
  private static void refuseDeep(String name, Iterable<Event> events)
      throws ConfigurationException {
    int depth = 0;
    for (Event event : events) {
      switch (event.getEventId()) {
        case MappingStart, SequenceStart -> depth++;
        case MappingEnd, SequenceEnd -> depth--;
        default -> {}
      }
      if (depth > MAX_DEPTH) {
        throw problem(name, event.getStartMark(), "nested deeper than " + MAX_DEPTH + " levels");
      }
    }
  }

  static ConfigurationException problem(String name, Optional<Mark> mark, String what) {
    String place = mark.map(m -> (m.getLine() + 1) + ":" + (m.getColumn() + 1) + ": ").orElse("");
    return new ConfigurationException(List.of(name + ":" + place + what + ": correct the YAML"));
  }
}
