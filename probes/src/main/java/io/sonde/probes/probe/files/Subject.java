package io.sonde.probes.probe.files;

/** What a file is attached to for. */
public enum Subject {
  /** What a program says within TLS. */
  TLS("tls_libraries"),
  /** What the goroutines of a Go program do for each other. */
  GOROUTINES("go_files");

  private final String hits;

  Subject(String hits) {
    this.hits = hits;
  }

  /** The map in which hits are counted, by the file's number. */
  String hits() {
    return hits;
  }
}
