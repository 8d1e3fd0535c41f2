package io.sonde.launcher.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.sonde.launcher.beyla.Answer;
import io.sonde.launcher.beyla.Answers;
import io.sonde.launcher.beyla.Setting;
import io.sonde.launcher.beyla.Settings;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What becomes of Beyla's settings: the answers, and that we have a key of the same name. */
public final class BeylaReference {
  private BeylaReference() {}

  /**
   * What Sonde says to a key of Beyla's.
   *
   * @param key as {@code discovery.instrument[].open_ports}
   */
  public static Answer answer(String key) {
    int list = key.indexOf("[]");
    Optional<Option<?>> option = option(list < 0 ? key : key.substring(0, list));
    if (option.isPresent()) {
      return list < 0 ? new Answer(key, "") : ofField(option.get(), key, list);
    }
    return Answers.to(key).orElse(new Answer(null, ""));
  }

  private static Answer ofField(Option<?> option, String key, int list) {
    String field = key.substring(Math.min(key.length(), list + "[].".length()));
    if (field.equals("*") || option.fields().stream().anyMatch(own -> own.key().equals(field))) {
      return new Answer(key, "");
    }
    return EntryKeys.REFUSALS
        .answer(field.replaceFirst("\\..*", ""))
        .map(sentence -> new Answer(null, sentence))
        .or(() -> Answers.to(key))
        .orElse(new Answer(null, ""));
  }

  /** Whether a key of a discovery entry without effect would leave the entry selecting too much. */
  public static boolean isCriterion(String key) {
    String field = key.substring(key.indexOf("[].") + "[].".length());
    return EntryKeys.REFUSALS.answer(field.replaceFirst("\\..*", "")).isPresent();
  }

  /**
   * What is wrong with a value; empty when it is right, or not known before the environment is.
   *
   * @param key of ours
   * @param value as HOCON
   */
  public static Optional<String> problem(String key, String value) {
    Option<?> option = option(key).orElseThrow();
    try {
      Config config = ConfigFactory.parseString("value = " + value);
      if (config.isResolved()) {
        option.type().reader().read(config.getValue("value"));
      }
      return Optional.empty();
    } catch (EntryList.ProblemsException e) {
      return Optional.of(String.join("; ", e.problems()));
    } catch (IllegalArgumentException | ArithmeticException | ConfigException e) {
      return Optional.of("it must be " + option.type().expectation());
    }
  }

  /** Of the first of its keys that is honoured, if possible as a whole, else of the first. */
  static Answer answer(Setting setting) {
    List<Answer> answers = setting.keys().stream().map(BeylaReference::answer).toList();
    List<Answer> honoured = answers.stream().filter(Answer::honoured).toList();
    return honoured.stream()
        .filter(answer -> !answer.key().contains("[]"))
        .findFirst()
        .orElse(honoured.isEmpty() ? answers.get(0) : honoured.get(0));
  }

  private static Optional<Option<?>> option(String key) {
    return Options.ALL.stream().filter(option -> option.key().equals(key)).findFirst();
  }

  /** Why a variable of Beyla's has no effect here; empty when it is none of Beyla's. */
  static Optional<String> whyIgnored(String variable) {
    return Settings.byVariable(variable)
        .map(BeylaReference::answer)
        .map(
            answer ->
                answer.remark().isEmpty() ? "there is nothing like it here" : answer.remark());
  }

  /** The whole as Markdown. */
  public static String text() {
    StringBuilder text =
        new StringBuilder(
            """
            # Beyla's settings, and what becomes of them

            Printed by `sonde reference --beyla`; a test compares the two. Of a variable, `BEYLA_X`, `BEYLA_OTEL_X` and `OTEL_EBPF_X` are the same.
            A setting without effect is answered in the log when it is set. `sonde migrate beyla.yml` turns a file of Beyla's into a `sonde.conf`.

            ## Environment variables

            | Variable | Beyla's key | Here |
            |---|---|---|
            """);
    Settings.ofVariables().forEach(setting -> row(text, setting, true));
    text.append("\n## Keys of the file that have no variable in Beyla's reference\n\n");
    text.append("| Beyla's key | Here |\n|---|---|\n");
    Settings.ofFile().forEach(setting -> row(text, setting, false));
    return text.toString();
  }

  private static void row(StringBuilder text, Setting setting, boolean variable) {
    if (variable) {
      text.append("| `").append(setting.variables().get(0)).append("` ");
    }
    text.append("| ").append(code(setting.keys())).append(" | ");
    Set<String> ours = new LinkedHashSet<>();
    Set<String> remarks = new LinkedHashSet<>();
    List<Answer> answers = setting.keys().stream().map(BeylaReference::answer).toList();
    boolean honoured = answers.stream().anyMatch(Answer::honoured);
    for (Answer answer : answers) {
      if (answer.honoured()) {
        ours.add(answer.key());
      }
      if (answer.honoured() == honoured && !answer.remark().isEmpty()) {
        remarks.add(answer.remark());
      }
    }
    text.append(ours.isEmpty() ? "no" : code(ours));
    remarks.forEach(remark -> text.append(": ").append(remark));
    text.append(" |\n");
  }

  private static String code(Iterable<String> keys) {
    StringBuilder text = new StringBuilder();
    keys.forEach(key -> text.append(text.length() == 0 ? "`" : ", `").append(key).append('`'));
    return text.toString();
  }
}
