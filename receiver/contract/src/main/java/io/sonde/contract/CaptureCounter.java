package io.sonde.contract;

import java.util.Locale;

/**
 * What the capture process counts, in the order of {@code enum sonde_counter} in {@code record.h}.
 * The label is the key in {@code Stats.counters}.
 */
public enum CaptureCounter {
  RECORDS("records written to the ring buffer"),
  RING_FULL("records not written because the ring buffer was full"),
  FAULT("operations whose user memory could not be read"),
  NO_BUFFER("operations whose buffer cannot be found: sendfile, splice, an unknown system call"),
  IO_URING("operations done by io_uring: counted, not captured"),
  NO_STORAGE("connections not traced because the kernel gave no socket storage"),
  TOO_MANY("connections not traced because max_connections were being traced"),
  PROCESS_TABLE("processes not traced because the process table was full"),
  BYTES_UNCAPTURED("bytes beyond what is captured of a message, by design"),
  TLS_HITS("calls of TLS libraries in selected processes that were looked at"),
  TLS_BYSTANDER_HITS(
      "calls of TLS libraries in processes that are not selected and share the library's file"),
  TLS_NESTED("calls of TLS libraries within another one on the same thread: not captured"),
  PROCESS_UNTOLD(
      "programs not decided upon, because the ring buffer was full when they were executed, forked or began to listen"),
  HTTP2_LOST(
      "times that the frames of an HTTP/2 connection could not be followed further in one direction"),
  GO_HITS("places in selected Go programs that were passed and looked at"),
  GO_BYSTANDER_HITS(
      "places passed in Go programs that are not selected and share a selected one's file"),
  GO_CONTRADICTIONS("goroutines made of which two ways to know their parent said different things"),
  GO_ROUTES_UNREAD(
      "routes that a Go framework matched and that are not told: longer than 256 bytes, or unreadable");

  private final String sentence;

  CaptureCounter(String sentence) {
    this.sentence = sentence;
  }

  /** Index into the per-CPU counter array of the BPF programs. */
  public int index() {
    return ordinal();
  }

  /** As in {@code Stats.counters} and in metric labels: {@code ring_full}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What is counted, for documentation and HELP texts. */
  public String sentence() {
    return sentence;
  }
}
