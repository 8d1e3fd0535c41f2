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
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What the capture process is told, by whoever read the configuration: lines {@code key=value} on
 * standard input, ended by a line {@code end}. exe_glob, exe_regex and target_pid may be repeated.
 *
 * @param socket path of the receiver's Unix socket
 * @param selection which processes are observed
 * @param requestBytes captured at most of a request turn
 * @param responseBytes captured at most of an answer turn
 * @param ringBytes size of the ring buffer, a power of two
 * @param maxConnections tracked at a time
 * @param hostName to be told as ours; empty: the one that this host has
 */
record CaptureOptions(
    String socket,
    Selection selection,
    int requestBytes,
    int responseBytes,
    int ringBytes,
    int maxConnections,
    String hostName,
    Level logLevel,
    LogFormat logFormat) {

  private static final int MAX_CAPTURE = 8192;
  private static final int MIN_RING = 64 * 1024;
  private static final int MAX_RING = 256 * 1024 * 1024;
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
    Map<String, List<String>> values = new HashMap<>();
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.equals("end")) {
        return Optional.of(of(values));
      }
      int equals = line.indexOf('=');
      if (equals < 1) {
        throw new OptionException("option line '" + line + "' is not of the form key=value");
      }
      values
          .computeIfAbsent(line.substring(0, equals), key -> new ArrayList<>())
          .add(line.substring(equals + 1));
    }
    return Optional.empty();
  }

  private static CaptureOptions of(Map<String, List<String>> values) throws OptionException {
    List<PortRange> ports = new ArrayList<>();
    for (String list : take(values, "open_port")) {
      ports.addAll(PortRange.parseList(list));
    }
    List<Pattern> executables = new ArrayList<>();
    for (String glob : take(values, "exe_glob")) {
      executables.add(Glob.compile(glob));
    }
    for (String regex : take(values, "exe_regex")) {
      executables.add(regex(regex));
    }
    List<Integer> pids = new ArrayList<>();
    for (String pid : take(values, "target_pid")) {
      pids.add(number("target_pid", pid, 1, Integer.MAX_VALUE));
    }
    CaptureOptions options =
        new CaptureOptions(
            one(values, "socket", null),
            new Selection(ports, executables, pids),
            number("request_bytes", one(values, "request_bytes", "4096"), 64, MAX_CAPTURE),
            number("response_bytes", one(values, "response_bytes", "1024"), 64, MAX_CAPTURE),
            powerOfTwo(
                number("ring_bytes", one(values, "ring_bytes", "4194304"), MIN_RING, MAX_RING)),
            number("max_connections", one(values, "max_connections", "65536"), 1, MAX_CONNECTIONS),
            one(values, "host_name", ""),
            level(one(values, "log_level", "INFO")),
            logFormat(one(values, "log_format", "TEXT")));
    if (!values.isEmpty()) {
      throw new OptionException("unknown option '" + values.keySet().iterator().next() + "'");
    }
    return options;
  }

  private static List<String> take(Map<String, List<String>> values, String key) {
    List<String> taken = values.remove(key);
    return taken == null ? List.of() : taken;
  }

  private static String one(Map<String, List<String>> values, String key, String otherwise)
      throws OptionException {
    List<String> taken = take(values, key);
    if (taken.isEmpty() && otherwise == null) {
      throw new OptionException("option " + key + " is missing");
    }
    return taken.isEmpty() ? otherwise : taken.get(taken.size() - 1);
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

  private static int powerOfTwo(int value) throws OptionException {
    if (Integer.bitCount(value) != 1) {
      throw new OptionException("ring_bytes=" + value + ": expected a power of two, e.g. 4194304");
    }
    return value;
  }

  private static Pattern regex(String regex) throws OptionException {
    try {
      return Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw new OptionException("exe_regex=" + regex + ": " + e.getDescription());
    }
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
