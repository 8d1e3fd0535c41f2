package io.sonde.probes.capture;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Reads rules from option lines: {@code instrument=ID} or {@code exclude=ID} begins one, each
 * {@code with.CRITERION=VALUE} after it adds a criterion, and {@code set.tls=off} or {@code on}
 * says what is otherwise for what it selects.
 */
final class RuleReader {
  private static final String CRITERION = "with.";
  private static final String TLS = "set.tls";

  private final List<Rule> instrument = new ArrayList<>();
  private final List<Rule> exclude = new ArrayList<>();
  private List<Rule> list;
  private String id;
  private Optional<Boolean> tls = Optional.empty();
  private final List<Criterion> criteria = new ArrayList<>();
  private final List<PortRange> ports = new ArrayList<>();
  private final Set<Integer> pids = new HashSet<>();

  /**
   * @return false when the line is not about rules
   */
  boolean take(String key, String value) throws OptionException {
    boolean setting = key.equals(TLS);
    if (setting || key.startsWith(CRITERION)) {
      if (list == null) {
        throw new OptionException("option " + key + " comes before the rule it belongs to");
      }
      if (setting) {
        tls = Optional.of(CaptureOptions.onOff(key, value));
        return true;
      }
      add(key.substring(CRITERION.length()), value);
      return true;
    }
    List<Rule> to =
        switch (key) {
          case "instrument" -> instrument;
          case "exclude" -> exclude;
          default -> null;
        };
    if (to == null) {
      return false;
    }
    finish();
    list = to;
    id = value;
    return true;
  }

  Selection selection() throws OptionException {
    finish();
    list = null;
    return new Selection(instrument, exclude);
  }

  private void finish() throws OptionException {
    if (list == null) {
      return;
    }
    if (criteria.isEmpty()) {
      throw new OptionException("rule " + id + " has no criterion, so it would match everything");
    }
    list.add(new Rule(id, criteria, ports, pids, tls));
    criteria.clear();
    ports.clear();
    pids.clear();
    tls = Optional.empty();
  }

  private void add(String name, String value) throws OptionException {
    switch (name) {
      case "open_ports" -> {
        ports.addAll(PortRange.parseList(value));
        criteria.add(Criterion.openPorts(value, List.copyOf(ports)));
      }
      case "exe_path" -> criteria.add(Criterion.exePath(value, Glob.compile(name, value)));
      case "exe_path_regexp" -> criteria.add(Criterion.exePathRegex(value, regex(name, value)));
      case "cmd_args" -> criteria.add(Criterion.cmdArgs(value, Glob.compile(name, value)));
      case "languages" -> criteria.add(Criterion.languages(value, Glob.compile(name, value)));
      case "target_pids" -> {
        pids.addAll(pids(value));
        criteria.add(Criterion.pids(value, Set.copyOf(pids)));
      }
      case "containers_only" -> criteria.add(Criterion.containersOnly());
      default -> throw new OptionException("unknown criterion '" + name + "' of rule " + id);
    }
  }

  private static List<Integer> pids(String value) throws OptionException {
    List<Integer> pids = new ArrayList<>();
    for (String pid : value.split(",")) {
      try {
        pids.add(Integer.parseUnsignedInt(pid.strip()));
      } catch (NumberFormatException e) {
        throw new OptionException("target_pids=" + value + ": expected process ids, as 17,4711");
      }
    }
    return pids;
  }

  private static Pattern regex(String name, String value) throws OptionException {
    try {
      return Pattern.compile(value);
    } catch (PatternSyntaxException e) {
      throw new OptionException(name + "=" + value + ": " + e.getDescription());
    }
  }
}
