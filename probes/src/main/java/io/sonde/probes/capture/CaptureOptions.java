package io.sonde.probes.capture;

import io.sonde.contract.log.LogFormat;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;

/**
 * What the capture process is told, by whoever read the configuration: lines {@code key=value} on
 * standard input, ended by a line {@code end}. Those of rules ({@link RuleReader}) count in their
 * order.
 *
 * @param socket path of the receiver's Unix socket
 * @param selection which processes are observed
 * @param requestBytes captured at most of a request turn
 * @param responseBytes captured at most of an answer turn
 * @param ringBytes size of the ring buffer, a power of two
 * @param maxConnections tracked at a time
 * @param tls whether TLS libraries are hooked
 * @param goroutines whether Go programs are hooked where their goroutines are told apart
 * @param goRoutes and where their frameworks have found a route
 * @param hostName to be told as ours; empty: the one that this host has
 */
record CaptureOptions(
    String socket,
    Selection selection,
    int requestBytes,
    int responseBytes,
    int ringBytes,
    int maxConnections,
    boolean tls,
    boolean goroutines,
    boolean goRoutes,
    String hostName,
    Level logLevel,
    LogFormat logFormat) {

  private static final int MAX_CAPTURE = 8192;
  private static final int MIN_RING = 64 * 1024;
  private static final int MAX_RING = 256 * 1024 * 1024;
  private static final int MAX_LINES = 10_000;
  private static final int MAX_CONNECTIONS = 10_000_000;

  private static final Map<String, Level> LEVELS =
      Map.of(
          "DEBUG", Level.FINE,
          "INFO", Level.INFO,
          "WARN", Level.WARNING,
          "WARNING", Level.WARNING,
          "ERROR", Level.SEVERE);

  /**
   * @return empty when the input ended before {@code end}: the configuration failed elsewhere
   * @throws OptionException on a line that cannot be understood
   */
  static Optional<CaptureOptions> read(BufferedReader in) throws IOException, OptionException {
    // All of them before one is judged: whatever is wrong, the next ones begin behind the end.
    List<String> lines = new ArrayList<>();
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.equals("end")) {
        return Optional.of(of(lines));
      }
      if (lines.size() < MAX_LINES) {
        lines.add(line);
      }
    }
    return Optional.empty();
  }

  private static CaptureOptions of(List<String> lines) throws OptionException {
    if (lines.size() == MAX_LINES) {
      throw new OptionException("more than " + MAX_LINES + " lines of options");
    }
    Map<String, String> values = new HashMap<>();
    RuleReader rules = new RuleReader();
    for (String line : lines) {
      int equals = line.indexOf('=');
      if (equals < 1) {
        throw new OptionException("option line '" + line + "' is not of the form key=value");
      }
      String key = line.substring(0, equals);
      String value = line.substring(equals + 1);
      if (!rules.take(key, value)) {
        values.put(key, value);
      }
    }
    return of(values, rules.selection());
  }

  /** Those of the other that differ and are read once, at the start. */
  List<String> fixed(CaptureOptions other) {
    List<String> differing = new ArrayList<>();
    note(differing, "socket", socket.equals(other.socket));
    note(differing, "request_bytes", requestBytes == other.requestBytes);
    note(differing, "response_bytes", responseBytes == other.responseBytes);
    note(differing, "ring_bytes", ringBytes == other.ringBytes);
    note(differing, "max_connections", maxConnections == other.maxConnections);
    note(differing, "tls", tls == other.tls);
    note(differing, "goroutines", goroutines == other.goroutines);
    note(differing, "go_routes", goRoutes == other.goRoutes);
    note(differing, "host_name", hostName.equals(other.hostName));
    return differing;
  }

  private static void note(List<String> differing, String option, boolean same) {
    if (!same) {
      differing.add(option);
    }
  }

  private static CaptureOptions of(Map<String, String> values, Selection selection)
      throws OptionException {
    CaptureOptions options =
        new CaptureOptions(
            one(values, "socket", null),
            selection,
            number("request_bytes", one(values, "request_bytes", "4096"), 64, MAX_CAPTURE),
            number("response_bytes", one(values, "response_bytes", "1024"), 64, MAX_CAPTURE),
            powerOfTwo(
                number("ring_bytes", one(values, "ring_bytes", "4194304"), MIN_RING, MAX_RING)),
            number("max_connections", one(values, "max_connections", "65536"), 1, MAX_CONNECTIONS),
            onOff("tls", one(values, "tls", "on")),
            onOff("goroutines", one(values, "goroutines", "on")),
            onOff("go_routes", one(values, "go_routes", "on")),
            one(values, "host_name", ""),
            level(one(values, "log_level", "INFO")),
            logFormat(one(values, "log_format", "TEXT")));
    if (!values.isEmpty()) {
      throw new OptionException("unknown option '" + values.keySet().iterator().next() + "'");
    }
    return options;
  }

  private static String one(Map<String, String> values, String key, String otherwise)
      throws OptionException {
    String value = values.remove(key);
    if (value == null && otherwise == null) {
      throw new OptionException("option " + key + " is missing");
    }
    return value == null ? otherwise : value;
  }

  private static int number(String key, String value, int from, int to) throws OptionException {
    try {
      int number = Integer.parseInt(value.strip());
      if (number >= from && number <= to) {
        return number;
      }
    } catch (NumberFormatException e) {
      // answered below, like a number out of range
    }
    throw new OptionException(
        String.format("%s=%s: expected a number from %d to %d", key, value, from, to));
  }

  static boolean onOff(String key, String value) throws OptionException {
    return switch (value) {
      case "on" -> true;
      case "off" -> false;
      default -> throw new OptionException(key + "=" + value + ": expected on or off");
    };
  }

  private static int powerOfTwo(int value) throws OptionException {
    if (Integer.bitCount(value) != 1) {
      throw new OptionException("ring_bytes=" + value + ": expected a power of two, e.g. 4194304");
    }
    return value;
  }

  private static Level level(String name) throws OptionException {
    Level level = LEVELS.get(name.toUpperCase(java.util.Locale.ROOT));
    if (level == null) {
      throw new OptionException("log_level=" + name + ": expected DEBUG, INFO, WARN or ERROR");
    }
    return level;
  }

  private static LogFormat logFormat(String name) throws OptionException {
    for (LogFormat format : LogFormat.values()) {
      if (format.name().equalsIgnoreCase(name)) {
        return format;
      }
    }
    throw new OptionException("log_format=" + name + ": expected TEXT or JSON");
  }
}
