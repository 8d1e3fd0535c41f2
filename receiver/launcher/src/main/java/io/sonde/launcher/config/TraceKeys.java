package io.sonde.launcher.config;

import static io.sonde.launcher.config.EnvironmentVariable.exactly;

import io.sonde.pipeline.identity.SamplerSetting;
import java.time.Duration;
import java.util.List;

/** What spans are made of a request. */
final class TraceKeys {
  static final Option<Duration> QUEUE_THRESHOLD =
      Option.of(
          "queue_threshold",
          NumberTypes.DURATION,
          "1ms",
          "A request that waited this long between its arrival and the program's first read gets"
              + " the child spans \"in queue\" and \"processing\".");

  static final Option<SamplerSetting.Name> SAMPLER_NAME =
      Option.of(
          "otel_traces_export.sampler.name",
          ChoiceTypes.choice(SamplerSetting.Name.class, name -> name),
          "parentbased_always_on",
          "Which traces are exported: always_on, always_off, traceidratio, or parentbased_ and one"
              + " of these, which follows the traceparent of a request that has one. Metrics and"
              + " printed lines have them all.",
          exactly("OTEL_TRACES_SAMPLER"));

  static final Option<Double> SAMPLER_ARG =
      Option.of(
          "otel_traces_export.sampler.arg",
          Type.optional(NumberTypes.RATIO),
          "\"\"",
          "For traceidratio: the part of all traces to keep, 0.1 for a tenth; empty: all. SDKs with"
              + " the same ratio keep the same traces.",
          exactly("OTEL_TRACES_SAMPLER_ARG"));

  /** In the order of the reference file; the sampler's stand with the export of traces. */
  static final List<Option<?>> ALL = List.of(QUEUE_THRESHOLD);

  private TraceKeys() {}
}
