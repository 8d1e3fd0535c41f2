package io.sonde.launcher.doctor;

import io.sonde.contract.doctor.Finding;
import io.sonde.pipeline.OtlpConfig;
import io.sonde.pipeline.PipelineConfig;
import io.sonde.pipeline.export.otlp.EndpointTrial;
import io.sonde.pipeline.export.otlp.OtlpStartException;
import io.sonde.pipeline.export.otlp.request.Signal;
import io.sonde.pipeline.export.otlp.transport.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Whether the endpoints take what we send, asked by the way on which we send it. */
final class CollectorCheck {
  private CollectorCheck() {}

  static List<Finding> look(PipelineConfig pipeline) throws InterruptedException {
    List<Finding> findings = new ArrayList<>();
    if (pipeline.otlpTraces().isPresent()) {
      findings.add(look(pipeline.otlpTraces().get(), Signal.TRACES));
    }
    if (pipeline.otlpMetrics().isPresent()) {
      findings.add(look(pipeline.otlpMetrics().get(), Signal.METRICS));
    }
    return findings;
  }

  private static Finding look(OtlpConfig config, Signal signal) throws InterruptedException {
    String name = signal.name().toLowerCase(Locale.ROOT);
    String check = "collector." + name;
    String place = config.endpoint() + " by " + protocol(config);
    try {
      Outcome outcome = EndpointTrial.send(config, signal);
      if (outcome instanceof Outcome.Accepted) {
        return Finding.ok(check, place + " takes " + name);
      }
      if (outcome instanceof Outcome.Unimplemented unknown) {
        return Finding.degraded(
            check,
            place + " does not take " + name + ": " + unknown.reason(),
            name + " wait, and are lost when the queue is full",
            "add a pipeline for " + name + " to the collector, or send them elsewhere");
      }
      if (outcome instanceof Outcome.Retry away) {
        return Finding.degraded(
            check,
            away.reason(),
            name + " wait, and are lost when the queue is full",
            "Sonde tries again by itself as soon as it is back");
      }
      return Finding.failed(
          check,
          place + " refuses: " + reason(outcome),
          name + " are lost",
          "correct the endpoint, its protocol or what authenticates us (otel_export)");
    } catch (OtlpStartException e) {
      return Finding.failed(check, e.getMessage(), "the receiver refuses to start", "");
    }
  }

  private static String reason(Outcome outcome) {
    return outcome instanceof Outcome.Refused refused
        ? refused.reason()
        : ((Outcome.TooLarge) outcome).reason();
  }

  private static String protocol(OtlpConfig config) {
    return config.protocol().name().toLowerCase(Locale.ROOT).replace('_', '/');
  }
}
