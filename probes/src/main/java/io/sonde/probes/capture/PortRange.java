package io.sonde.probes.capture;

import java.util.ArrayList;
import java.util.List;

/** Ports from {@code first} to {@code last}, both included, 1..65535. */
record PortRange(int first, int last) {
  private static final int MAX_PORT = 65535;

  static final PortRange ALL = new PortRange(1, MAX_PORT);

  /**
   * @param list e.g. {@code 80,443,8000-8999}
   */
  static List<PortRange> parseList(String list) throws OptionException {
    List<PortRange> ranges = new ArrayList<>();
    for (String item : list.split(",")) {
      String[] ends = item.strip().split("-", 2);
      int first = port(list, ends[0]);
      int last = ends.length == 2 ? port(list, ends[1]) : first;
      if (last < first) {
        throw new OptionException(
            "open_ports=" + list + ": " + item.strip() + " is an empty range");
      }
      ranges.add(new PortRange(first, last));
    }
    return ranges;
  }

  static boolean anyHas(List<PortRange> ranges, int port) {
    return ranges.stream().anyMatch(range -> range.first <= port && port <= range.last);
  }

  private static int port(String list, String text) throws OptionException {
    try {
      int port = Integer.parseInt(text.strip());
      if (port >= 1 && port <= MAX_PORT) {
        return port;
      }
    } catch (NumberFormatException e) {
      // answered below, like a number out of range
    }
    throw new OptionException(
        String.format("open_ports=%s: '%s' is not a port (1..65535)", list, text.strip()));
  }
}
