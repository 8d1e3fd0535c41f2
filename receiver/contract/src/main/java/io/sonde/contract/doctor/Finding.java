package io.sonde.contract.doctor;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * One thing that was looked at. As a line, which is how it passes from one process to another: the
 * five parts in this order with a tab between them.
 *
 * @param check what was looked at: lower case, stable, {@code capability.bpf}
 * @param found what there is, in a sentence
 * @param cost what does not work because of it; empty when nothing
 * @param remedy what to do; empty when there is nothing to do
 */
public record Finding(String check, Status status, String found, String cost, String remedy) {
  private static final int PARTS = 5;

  /** From best to worst. */
  public enum Status {
    OK,
    /** It cannot be seen from here, by this user. */
    COULD_NOT_TELL,
    /** Sonde works, but for a part. */
    DEGRADED,
    /** Sonde does not work. */
    FAILED;

    /** As in reports: {@code could_not_tell}. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Finding {
    found = oneLine(found);
    cost = oneLine(cost);
    remedy = oneLine(remedy);
  }

  public static Finding ok(String check, String found) {
    return new Finding(check, Status.OK, found, "", "");
  }

  /**
   * @param remedy how it could be told
   */
  public static Finding couldNotTell(String check, String found, String remedy) {
    return new Finding(check, Status.COULD_NOT_TELL, found, "", remedy);
  }

  public static Finding degraded(String check, String found, String cost, String remedy) {
    return new Finding(check, Status.DEGRADED, found, cost, remedy);
  }

  public static Finding failed(String check, String found, String cost, String remedy) {
    return new Finding(check, Status.FAILED, found, cost, remedy);
  }

  /** Without a line end. */
  public String line() {
    return String.join("\t", check, status.toString(), found, cost, remedy);
  }

  /** Empty when it is not a line of ours. */
  public static Optional<Finding> parse(String line) {
    String[] parts = line.split("\t", -1);
    if (parts.length != PARTS || parts[0].isEmpty()) {
      return Optional.empty();
    }
    return Arrays.stream(Status.values())
        .filter(status -> status.toString().equals(parts[1]))
        .findFirst()
        .map(status -> new Finding(parts[0], status, parts[2], parts[3], parts[4]));
  }

  /** Some of it is what kernel and files say. */
  private static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ").strip();
  }
}
