package io.sonde.probes.elf.go;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A release of Go, or of a module, as far as layouts depend on it: 1.22 of 1.22.3. */
public record Release(int major, int minor) implements Comparable<Release> {
  private static final Pattern FORM = Pattern.compile("(\\d{1,6})\\.(\\d{1,6})(?:[^\\d].*)?");
  private static final Comparator<Release> ORDER =
      Comparator.comparingInt(Release::major).thenComparingInt(Release::minor);

  static Optional<Release> of(String version) {
    Matcher form = FORM.matcher(version);
    return form.matches()
        ? Optional.of(new Release(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2))))
        : Optional.empty();
  }

  /** Whether it is one of these or between them. */
  public boolean isIn(Release oldest, Release newest) {
    return compareTo(oldest) >= 0 && compareTo(newest) <= 0;
  }

  @Override
  public int compareTo(Release other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
