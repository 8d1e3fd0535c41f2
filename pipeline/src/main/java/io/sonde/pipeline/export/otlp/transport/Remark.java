package io.sonde.pipeline.export.otlp.transport;

/** What an endpoint said, made fit for a log line: nobody vouches for its length or content. */
final class Remark {
  private static final int MAX = 300;

  private Remark() {}

  /**
   * @param said null or empty where it said nothing
   */
  static String of(String said) {
    if (said == null) {
      return "";
    }
    String line =
        said.substring(0, Math.min(said.length(), MAX)).replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    return said.length() > MAX ? line + " …" : line;
  }

  /** With what was said, if anything was. */
  static String after(String reason, String said) {
    String remark = of(said);
    return remark.isEmpty() ? reason : reason + ": " + remark;
  }
}
