package io.sonde.probes.probe.files;

/**
 * What becomes of one file of a process, for those who ask.
 *
 * @param subject what it is about
 * @param file as the process sees it
 * @param hooked whether it is attached to
 * @param detail what is hooked, or why nothing is, as a part of a sentence
 */
public record FileReport(Subject subject, String file, boolean hooked, String detail) {
  static FileReport refusal(String file, Refusal refusal) {
    return new FileReport(refusal.subject(), file, false, refusal.why());
  }
}
