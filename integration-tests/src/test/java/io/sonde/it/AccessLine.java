package io.sonde.it;

import java.util.List;

/**
 * What a server says it answered: a line {@code access GET /hello 200 12}.
 *
 * @param path without query
 * @param bodyBytes of the answer, without framing
 */
record AccessLine(String method, String path, int status, long bodyBytes) {
  private static final String MARK = "access ";

  static List<AccessLine> parse(String log) {
    return Program.wholeLines(log)
        .lines()
        .filter(line -> line.startsWith(MARK))
        .map(AccessLine::parseLine)
        .toList();
  }

  private static AccessLine parseLine(String line) {
    String[] words = line.split(" ");
    return new AccessLine(words[1], words[2], Integer.parseInt(words[3]), Long.parseLong(words[4]));
  }
}
