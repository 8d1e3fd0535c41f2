package io.sonde.pipeline.linking;

import io.opentelemetry.api.trace.SpanContext;
import io.sonde.pipeline.accounting.LinkAccount;
import io.sonde.pipeline.accounting.LinkResult;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.Exchange;
import io.sonde.pipeline.exchange.ExchangeSink;
import io.sonde.pipeline.exchange.RequestKey;
import io.sonde.pipeline.exchange.ThreadEvidence;
import io.sonde.pipeline.exchange.ThreadEvidence.Finding;
import io.sonde.pipeline.identity.SamplerSetting;
import io.sonde.pipeline.identity.ServiceOverrides.Export;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Gives every exchange its place in a trace and hands it to the outputs. A client call that may be
 * the child of a request that is still being served waits for that request's end, then follows it.
 * The metrics wait for nothing.
 */
public final class Linker implements ExchangeSink {
  /** Requests that are over and may have calls that are not. */
  static final int MAX_VERDICTS = 4096;

  private Traces traces;
  private Outputs outputs;
  private final LinkAccount account;
  private final LongSupplier clock;
  private final HeldCalls held = new HeldCalls();
  private final Map<RequestKey, Verdict> verdicts =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<RequestKey, Verdict> eldest) {
          return size() > MAX_VERDICTS;
        }
      };

  /**
   * @param queueThreshold a request that waited at least this long gets spans for the waiting
   * @param sampler of services that have none of their own
   * @param account of the client calls
   * @param clock monotonic, ns
   */
  public Linker(
      Duration queueThreshold,
      SamplerSetting sampler,
      Outputs outputs,
      LinkAccount account,
      LongSupplier clock) {
    this.traces = new Traces(queueThreshold, sampler);
    this.outputs = outputs;
    this.account = account;
    this.clock = clock;
  }

  /** From now on, also for the calls that are held. */
  public void reconfigure(Duration queueThreshold, SamplerSetting sampler, Outputs outputs) {
    this.traces = new Traces(queueThreshold, sampler);
    this.outputs = outputs;
  }

  @Override
  public void accept(Exchange exchange) {
    if (exchange.role() == Role.SERVER) {
      served(exchange);
    } else {
      called(exchange);
    }
  }

  private void served(Exchange request) {
    Trace trace = traces.of(request, header(request));
    outputs.accept(trace);
    ThreadEvidence evidence = request.threads();
    if (evidence != null && evidence.request() != null) {
      boolean told = !request.ignoredFor().contains(Export.TRACES);
      Verdict verdict =
          told ? Verdict.of(trace, evidence) : Verdict.against(LinkResult.NOT_REPORTED);
      decide(evidence.request(), verdict);
    }
  }

  private void called(Exchange call) {
    ThreadEvidence evidence = call.threads();
    RequestKey request = evidence == null ? null : evidence.request();
    if (request == null) {
      Finding finding = evidence == null ? Finding.NO_REQUEST : evidence.finding();
      outputs.accept(linked(call, Verdict.against(Verdict.doubt(finding))));
      return;
    }
    Verdict verdict = verdicts.get(request);
    if (verdict != null) {
      outputs.accept(linked(call, verdict));
    } else if (held.hold(request, call, clock.getAsLong())) {
      outputs.acceptEarly(call);
    } else {
      outputs.accept(linked(call, Verdict.against(LinkResult.GIVEN_UP)));
    }
  }

  @Override
  public void unreported(RequestKey request) {
    decide(request, Verdict.against(LinkResult.NOT_REPORTED));
  }

  private void decide(RequestKey request, Verdict verdict) {
    verdicts.put(request, verdict);
    held.release(request).forEach(call -> outputs.acceptLate(linked(call, verdict)));
  }

  @Override
  public void timePasses() {
    Verdict givenUp = Verdict.against(LinkResult.GIVEN_UP);
    held.expire(clock.getAsLong()).forEach(call -> outputs.acceptLate(linked(call, givenUp)));
  }

  private Trace linked(Exchange call, Verdict verdict) {
    Verdict.Link link = verdict.on(call, header(call));
    account.count(link.result());
    return traces.of(call, link.parent());
  }

  /** The span that the request's own header names; invalid when none. */
  private static SpanContext header(Exchange exchange) {
    return TraceParent.remote(exchange.traceParent(), exchange.traceState());
  }
}
