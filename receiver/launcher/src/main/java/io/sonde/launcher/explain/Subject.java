package io.sonde.launcher.explain;

import io.sonde.contract.v1.ExplainQuestion;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is asked about: {@code 4711}, the process with that id and those that listen on that port;
 * or {@code :80}, the port alone.
 */
public record Subject(int number, boolean portAlone) {
  private static final Pattern FORM = Pattern.compile("(:?)([1-9]\\d{0,8})");
  private static final int MAX_PORT = 65535;

  /**
   * @throws IllegalArgumentException with what is expected, for people to read
   */
  public static Subject parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is neither a process id nor a port: 4711, or :80 for a port alone");
    }
    boolean port = !form.group(1).isEmpty();
    int number = Integer.parseInt(form.group(2));
    if (port && number > MAX_PORT) {
      throw new IllegalArgumentException("there is no port " + number + ": 65535 is the last");
    }
    return new Subject(number, port);
  }

  List<ExplainQuestion> questions() {
    List<ExplainQuestion> questions = new ArrayList<>();
    if (!portAlone) {
      questions.add(ExplainQuestion.newBuilder().setPid(number).build());
    }
    if (number <= MAX_PORT) {
      questions.add(ExplainQuestion.newBuilder().setPort(number).build());
    }
    return questions;
  }

  /** As in "there is no …". */
  String missing() {
    String listener = "process that listens on TCP port " + number + " in any network namespace";
    if (portAlone) {
      return listener;
    }
    return "process " + number + (number <= MAX_PORT ? ", and no " + listener : "");
  }
}
