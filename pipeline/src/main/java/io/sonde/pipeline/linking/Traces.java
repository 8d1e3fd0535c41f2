package io.sonde.pipeline.linking;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.Exchange;
import io.sonde.pipeline.identity.SamplerSetting;
import io.sonde.pipeline.identity.Service;
import io.sonde.pipeline.identity.ServiceOverrides;
import java.time.Duration;
import java.util.List;

/** Makes traces of exchanges: ids, flags, and the sampler's verdict. */
final class Traces {
  /** W3C Trace Context level 2, §3.2.2.4: of the trace id, so it goes with it. */
  private static final int RANDOM = 0x02;

  private static final SamplerSetting NONE = new SamplerSetting(SamplerSetting.Name.ALWAYS_OFF, 0);

  private final long queueThresholdNs;
  private final SamplerSetting sampler;
  private final Samplers samplers = new Samplers();

  /**
   * @param queueThreshold a request that waited at least this long gets spans for the waiting
   * @param sampler of services that have none of their own
   */
  Traces(Duration queueThreshold, SamplerSetting sampler) {
    this.queueThresholdNs = queueThreshold.toNanos();
    this.sampler = sampler;
  }

  /**
   * @param parent invalid: the exchange's span is a root
   */
  Trace of(Exchange exchange, SpanContext parent) {
    boolean waited =
        exchange.role() == Role.SERVER && exchange.timing().queuedNs() >= queueThresholdNs;
    return new Trace(
        exchange,
        context(exchange, parent),
        parent,
        waited ? RandomIds.span() : null,
        waited ? RandomIds.span() : null);
  }

  private SpanContext context(Exchange exchange, SpanContext parent) {
    boolean root = !parent.isValid();
    String traceId = root ? RandomIds.trace() : parent.getTraceId();
    SamplingResult verdict = verdict(exchange, parent, traceId);
    boolean sampled = verdict.getDecision() == SamplingDecision.RECORD_AND_SAMPLE;
    int flags = (parent.getTraceFlags().asByte() & RANDOM) | (sampled ? 1 : 0);
    return SpanContext.create(
        traceId,
        RandomIds.span(),
        TraceFlags.fromByte((byte) flags),
        verdict.getUpdatedTraceState(parent.getTraceState()));
  }

  /** A service whose traces are not to be told is one of which none is sampled. */
  private SamplerSetting sampler(Service of) {
    return of.withheld(ServiceOverrides.Export.TRACES) == null
        ? of.overrides().sampler().orElse(sampler)
        : NONE;
  }

  /** None of the samplers that can be configured looks at name or attributes. */
  private SamplingResult verdict(Exchange exchange, SpanContext parent, String traceId) {
    Sampler decides = samplers.of(sampler(exchange.service()));
    Context context = parent.isValid() ? Context.root().with(Span.wrap(parent)) : Context.root();
    return decides.shouldSample(
        context,
        traceId,
        "",
        exchange.role() == Role.SERVER ? SpanKind.SERVER : SpanKind.CLIENT,
        Attributes.empty(),
        List.of());
  }
}
