package io.sonde.pipeline.identity.command;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The arguments of a process, read from left to right.
 *
 * @param arguments element 0 included
 * @param directory where it runs; empty when unknown
 */
record CommandLine(List<String> arguments, String directory) {

  /** All of it as one text, as a program writes that sets its title. */
  String title() {
    return String.join(" ", arguments).strip();
  }

  /**
   * Index of the first argument that is neither an option nor the value of one; the number of
   * arguments when there is none.
   *
   * @param withValue options whose value is the argument behind them
   */
  int firstOperand(Set<String> withValue) {
    int at = 1;
    while (at < arguments.size() && arguments.get(at).startsWith("-")) {
      if (arguments.get(at).equals("--")) {
        return at + 1;
      }
      at += withValue.contains(arguments.get(at)) ? 2 : 1;
    }
    return Math.min(at, arguments.size());
  }

  Optional<String> get(int index) {
    return index < arguments.size() ? Optional.of(arguments.get(index)) : Optional.empty();
  }

  /** Value of an option, written {@code option value} or {@code option=value}. */
  Optional<String> value(Set<String> names, int from) {
    for (int i = from; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (names.contains(argument)) {
        return get(i + 1);
      }
      int equals = argument.indexOf('=');
      if (equals > 0 && names.contains(argument.substring(0, equals))) {
        return Optional.of(argument.substring(equals + 1));
      }
    }
    return Optional.empty();
  }
}
