package io.sonde.pipeline.accounting;

import java.util.Locale;

/**
 * What became of the question for which request a client call was made. Lower-case name = label
 * value of the self-metrics.
 */
public enum LinkResult {
  LINKED("it became a child of the request that its thread was serving"),
  HEADER("its own traceparent names the parent"),
  NO_REQUEST("the thread that made it was not serving any request"),
  NON_BLOCKING(
      "its thread reads requests without waiting for them, as event loops, goroutines and virtual"
          + " threads do: it may have made the call for anything"),
  SEVERAL_REQUESTS("its thread had several unanswered requests, then or before"),
  SEVERAL_THREADS("other threads took part in the request that its thread was serving"),
  NO_ANSWER("the request was never answered, so who was serving it is not known"),
  NOT_REPORTED("the request that its thread was serving could not be reported itself"),
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
