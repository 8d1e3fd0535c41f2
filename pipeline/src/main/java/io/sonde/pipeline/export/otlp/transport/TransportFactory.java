package io.sonde.pipeline.export.otlp.transport;

import io.sonde.pipeline.OtlpConfig;
import io.sonde.pipeline.OtlpConfig.Protocol;
import io.sonde.pipeline.export.otlp.OtlpStartException;
import io.sonde.pipeline.export.otlp.request.Signal;
import java.io.IOException;

/** What can fail is done at the start; what takes time, in {@link #open}, on another thread. */
public final class TransportFactory {
  private final OtlpConfig config;
  private final Signal signal;
  private final TlsFiles tls;

  private TransportFactory(OtlpConfig config, Signal signal, TlsFiles tls) {
    this.config = config;
    this.signal = signal;
    this.tls = tls;
  }

  /**
   * @throws OtlpStartException when a file that the configuration names cannot be used
   */
  public static TransportFactory prepare(OtlpConfig config, Signal signal)
      throws OtlpStartException {
    try {
      Authorization.of(config.auth()).value();
    } catch (IOException e) {
      throw new OtlpStartException("auth.bearer_token_file", e.getMessage(), e);
    }
    return new TransportFactory(
        config, signal, config.endpoint().tls() ? TlsFiles.load(config) : null);
  }

  /** Does not connect yet. */
  public Transport open() {
    return config.protocol() == Protocol.GRPC
        ? new GrpcTransport(config, signal, tls)
        : new HttpTransport(config, signal, tls);
  }
}
