package io.sonde.pipeline.linking;

import io.sonde.pipeline.accounting.LinkAccount;
import io.sonde.pipeline.accounting.Untold;
import io.sonde.pipeline.identity.SamplerSetting;
import java.time.Duration;
import java.util.List;

/** Linkers for tests that look at what comes behind. */
public final class Linkers {
  private Linkers() {}

  /** Hands every trace to {@code output}. */
  public static Linker to(Duration queueThreshold, TraceSink output) {
    return to(queueThreshold, SamplerSetting.DEFAULT, output);
  }

  static Linker to(Duration queueThreshold, Outputs outputs) {
    return new Linker(
        queueThreshold, SamplerSetting.DEFAULT, outputs, new LinkAccount(), System::nanoTime);
  }

  static Linker to(Duration queueThreshold, SamplerSetting sampler, TraceSink output) {
    return new Linker(
        queueThreshold,
        sampler,
        Outputs.withoutExemplars(counted -> {}, List.of(output), new Untold()),
        new LinkAccount(),
        System::nanoTime);
  }
}
