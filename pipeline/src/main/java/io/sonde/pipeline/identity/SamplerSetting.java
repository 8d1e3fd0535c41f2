package io.sonde.pipeline.identity;

/**
 * Which traces are sampled: the samplers of {@code OTEL_TRACES_SAMPLER} (OpenTelemetry SDK
 * environment variable specification).
 *
 * @param ratio 0..1, of the traces that a sampler with {@code TRACEIDRATIO} in its name keeps; the
 *     others do not look at it
 */
public record SamplerSetting(Name name, double ratio) {
  /** OpenTelemetry's default. */
  public static final SamplerSetting DEFAULT = new SamplerSetting(Name.PARENTBASED_ALWAYS_ON, 1);

  /** {@code PARENTBASED_X}: as the parent where there is one, else X. */
  public enum Name {
    ALWAYS_ON,
    ALWAYS_OFF,
    TRACEIDRATIO,
    PARENTBASED_ALWAYS_ON,
    PARENTBASED_ALWAYS_OFF,
    PARENTBASED_TRACEIDRATIO
  }
}
