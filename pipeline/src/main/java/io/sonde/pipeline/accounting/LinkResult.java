package io.sonde.pipeline.accounting;

import java.util.Locale;

/**
 * What became of the question for which request a client call was made. Lower-case name = label
 * value of the self-metrics.
 */
public enum LinkResult {
  LINKED("it became a child of the request that its thread or goroutine was serving"),
  HEADER("its own traceparent names the parent"),
  NO_REQUEST("the thread or goroutine that made it was not serving any request"),
  NON_BLOCKING(
      "its thread reads requests without waiting for them, as event loops and virtual threads do:"
          + " it may have made the call for anything"),
  SEVERAL_REQUESTS("its thread or goroutine had several unanswered requests, then or before"),
  SEVERAL_THREADS("other threads took part in the request that its thread was serving"),
  NO_ANSWER("the request was never answered, so who was serving it is not known"),
  CALLER_UNKNOWN("which goroutine made it is not known: its library is not one that tells"),
  LINEAGE_UNKNOWN(
      "when its goroutine was created, or by which other, is not known: before the capture, or too"
          + " far from the request"),
  OLDER_GOROUTINE("its goroutine was created before the request, as the workers of a pool are"),
  AFTER_ANSWER("the request that its goroutine was created for, or had served, was over"),
  NOT_REPORTED("the request that its thread or goroutine was serving could not be reported itself"),
  GIVEN_UP("the request went on for longer, or had more calls, than is waited for");

  private final String sentence;

  LinkResult(String sentence) {
    this.sentence = sentence;
  }

  /** What it means, for documentation and HELP texts. */
  public String sentence() {
    return sentence;
  }

  /** As in metric labels: {@code no_request}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
