package io.sonde.pipeline.exchange;

/**
 * What the threads of the observed process tell of an exchange: for which request a client call was
 * made, if a thread did nothing but serve that request when it made the call.
 *
 * @param request SERVER: this request, null when no call was made while it was served. CLIENT: the
 *     request that the calling thread was serving when it began to write; null unless the finding
 *     is {@code CERTAIN}
 * @param finding CLIENT: of what could be seen when the call began; it holds if that of the request
 *     is certain too, once that is over
 * @param untilNs SERVER: when its thread last wrote to the answer; a call that began later is not
 *     part of it. CLIENT: 0
 */
public record ThreadEvidence(RequestKey request, Finding finding, long untilNs)
    implements ThreadWork {

  /** Of a call: all of it is known from the beginning. */
  @Override
  public ThreadEvidence evidence() {
    return this;
  }

  /** Why the thread that made a call is not certain to have made it for one request. */
  public enum Finding {
    /** It is certain. */
    CERTAIN("no doubt"),
    /** The thread was serving no request. */
    NO_REQUEST("the thread that made the call was not serving any request"),
    /**
     * Event loops, goroutines, virtual threads: what else the thread did meanwhile is not known.
     */
    NON_BLOCKING(
        "the thread reads requests without waiting for them, so it may have made the call for"
            + " anything"),
    /** Of one connection (pipelined) or of several: now, or ever seen of this thread. */
    SEVERAL_REQUESTS("the thread had several unanswered requests, then or before"),
    SEVERAL_THREADS("other threads took part in the request"),
    NO_ANSWER("the request was never answered, so who was serving it is not known");

    private final String sentence;

    Finding(String sentence) {
      this.sentence = sentence;
    }

    /** What it means, for documentation and HELP texts. */
    public String sentence() {
      return sentence;
    }
  }
}
