package io.sonde.pipeline.accounting;

/**
 * Why something that was seen is not (or not fully) reported. Lower-case name = label value of the
 * self-metrics.
 */
public enum LossCause {
  RING_FULL("the kernel's ring buffer was full: the capture process did not keep up"),
  PEER_REFUSED("a process that is not admitted tried to connect to the receiver's socket"),
  DUPLICATE("sent again after a reconnect although already taken: nothing is missing"),
  RECORD_LOST("records of the connection were lost before the pipeline"),
  UNKNOWN_CONNECTION("activity on a connection that was never announced"),
  AFTER_CLOSE(
      "what a program read, or took from its TLS library, when the connection had been reset already"),
  UNKNOWN_PROCESS("activity by a process that was never announced"),
  OTHER_CAPTURE("another capture on the same kernel tells the connection: nothing is missing"),
  MALFORMED_RECORD("a record that does not follow the contract"),
  INTERNAL_ERROR("a defect of Sonde met while it was handled; the log names the exception"),
  NOT_HTTP("the bytes of the connection are not HTTP"),
  TLS("the connection is encrypted, by TLS that could not be read"),
  TLS_UNMATCHED(
      "plaintext of a TLS session that is of no connection for certain, counted by operations"),
  HTTP2_LOST_STEP(
      "frames of HTTP/2 could not be followed because their headers were not captured, counted by"
          + " stretches of requests and by exchanges that were open"),
  AMBIGUOUS_FRAMING(
      "a request whose end its readers may see in different places, as in request smuggling: it is"
          + " told, what else its bytes may hold is not"),
  MALFORMED_MESSAGE("a message that cannot be understood"),
  STARTED_MIDSTREAM("the connection is older than the capture and this part has no readable start"),
  HEAD_NOT_CAPTURED(
      "the start of a message was not captured (sendfile, splice, io_uring, over the budget)"),
  ANSWER_WITHOUT_REQUEST("an answer to nothing that was asked, such as 408 on an idle connection"),
  TOO_MANY_PIPELINED("more unanswered requests, on one connection or in all, than are kept"),
  UNFINISHED("the capture ended before the exchange did"),
  CONNECTION_EXPIRED("a connection was forgotten because it was idle longest in a full table"),
  RECORDING_ENDED("came when its recording had ended: at its limit, or because of its disk"),
  NOT_TO_BE_EXPORTED(
      "of a service or a protocol of which this signal is not to be exported, as configured"),
  TOLD_BY_SDK(
      "of a service that exports this signal itself, as it was seen to: nothing is missing"),
  EXPORT_QUEUE_FULL("the exporter's queue was full"),
  EXPORT_QUEUE_DAMAGED("could not be read back from the exporter's queue on disk"),
  EXPORT_SHUTDOWN("still in the exporter's queue in memory when Sonde ended"),
  EXPORT_PARKED("the exporter's queue was full while the endpoint took no such signal"),
  EXPORT_FAILED("not taken by the endpoint until backoff_max_elapsed_time was used up"),
  EXPORT_REFUSED("refused by the endpoint for good"),
  EXPORT_REJECTED("left out by the endpoint when it took the rest of a request"),
  EXPORT_TOO_LARGE("a single item larger than the endpoint takes"),
  SERIES_LIMIT("over the limit of metric series: counted in the overflow series");

  private final String sentence;

  LossCause(String sentence) {
    this.sentence = sentence;
  }

  /** What it means, for documentation and HELP texts. */
  public String sentence() {
    return sentence;
  }

  /** As in metric labels: {@code ring_full}. */
  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
