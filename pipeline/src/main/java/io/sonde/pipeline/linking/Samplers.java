package io.sonde.pipeline.linking;

import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.sonde.pipeline.identity.SamplerSetting;
import java.util.HashMap;
import java.util.Map;

/**
 * The SDK's own samplers, so that for the same trace id the verdict is the same as in a program
 * with an SDK. As many are kept as settings are configured.
 */
final class Samplers {
  private final Map<SamplerSetting, Sampler> bySetting = new HashMap<>();

  Sampler of(SamplerSetting setting) {
    return bySetting.computeIfAbsent(setting, Samplers::create);
  }

  private static Sampler create(SamplerSetting setting) {
    return switch (setting.name()) {
      case ALWAYS_ON -> Sampler.alwaysOn();
      case ALWAYS_OFF -> Sampler.alwaysOff();
      case TRACEIDRATIO -> Sampler.traceIdRatioBased(setting.ratio());
      case PARENTBASED_ALWAYS_ON -> Sampler.parentBased(Sampler.alwaysOn());
      case PARENTBASED_ALWAYS_OFF -> Sampler.parentBased(Sampler.alwaysOff());
      case PARENTBASED_TRACEIDRATIO ->
          Sampler.parentBased(Sampler.traceIdRatioBased(setting.ratio()));
    };
  }
}
