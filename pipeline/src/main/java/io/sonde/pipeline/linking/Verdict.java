package io.sonde.pipeline.linking;

import io.opentelemetry.api.trace.SpanContext;
import io.sonde.pipeline.accounting.LinkResult;
import io.sonde.pipeline.exchange.Exchange;
import io.sonde.pipeline.exchange.ThreadEvidence;

/**
 * Whether the calls that were made while a request was served are its children.
 *
 * @param request null when they are not
 * @param untilNs a call that began later is not part of it, CLOCK_MONOTONIC
 * @param doubt why they are not; meaningless when they are
 */
record Verdict(Trace request, long untilNs, LinkResult doubt) {

  static Verdict of(Trace request, ThreadEvidence evidence) {
    return switch (evidence.finding()) {
      case CERTAIN -> new Verdict(request, evidence.untilNs(), LinkResult.LINKED);
      default -> against(doubt(evidence.finding()));
    };
  }

  static Verdict against(LinkResult doubt) {
    return new Verdict(null, 0, doubt);
  }

  static LinkResult doubt(ThreadEvidence.Finding finding) {
    return switch (finding) {
      case CERTAIN -> LinkResult.LINKED;
      case NO_REQUEST -> LinkResult.NO_REQUEST;
      case NON_BLOCKING -> LinkResult.NON_BLOCKING;
      case SEVERAL_REQUESTS -> LinkResult.SEVERAL_REQUESTS;
      case SEVERAL_THREADS -> LinkResult.SEVERAL_THREADS;
      case NO_ANSWER -> LinkResult.NO_ANSWER;
      case CALLER_UNKNOWN -> LinkResult.CALLER_UNKNOWN;
      case LINEAGE_UNKNOWN -> LinkResult.LINEAGE_UNKNOWN;
      case OLDER_GOROUTINE -> LinkResult.OLDER_GOROUTINE;
      case AFTER_ANSWER -> LinkResult.AFTER_ANSWER;
    };
  }

  /**
   * @param header the span that the call's own header names; invalid: none
   */
  Link on(Exchange call, SpanContext header) {
    boolean within = request != null && call.timing().startedNs() <= untilNs;
    if (header.isValid() && !(within && isPassedOn(header))) {
      return new Link(header, LinkResult.HEADER);
    }
    if (within) {
      return new Link(request.context(), LinkResult.LINKED);
    }
    LinkResult result = request == null ? doubt : LinkResult.NO_REQUEST;
    return new Link(SpanContext.getInvalid(), result);
  }

  /** The call carries what came with the request, unchanged. */
  private boolean isPassedOn(SpanContext header) {
    SpanContext came = request.parent();
    return header.getTraceId().equals(came.getTraceId())
        && header.getSpanId().equals(came.getSpanId());
  }

  /**
   * The parent of a call.
   *
   * @param parent invalid: it is a root
   */
  record Link(SpanContext parent, LinkResult result) {}
}
