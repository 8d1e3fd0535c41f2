package io.sonde.pipeline.export.otlp;

import io.sonde.pipeline.OtlpConfig;
import io.sonde.pipeline.export.otlp.request.OtlpRequest;
import io.sonde.pipeline.export.otlp.request.Signal;
import io.sonde.pipeline.export.otlp.transport.Outcome;
import io.sonde.pipeline.export.otlp.transport.Transport;
import io.sonde.pipeline.export.otlp.transport.TransportFactory;

/** Asks an endpoint what it would say to us, by the way on which everything is sent. */
public final class EndpointTrial {
  private EndpointTrial() {}

  /**
   * Sends a request that holds nothing, which the OTLP specification allows and a server answers
   * with success. Waits at most the configured timeout.
   *
   * @throws OtlpStartException when a file that the configuration names cannot be used
   */
  public static Outcome send(OtlpConfig config, Signal signal)
      throws OtlpStartException, InterruptedException {
    try (Transport transport = TransportFactory.prepare(config, signal).open()) {
      return transport.send(new OtlpRequest(signal, 0, new byte[0]));
    }
  }
}
