package io.sonde.pipeline.export.otlp;

import io.sonde.pipeline.OtlpAddress;
import io.sonde.pipeline.OtlpConfig;
import io.sonde.pipeline.OtlpConfig.Auth;
import io.sonde.pipeline.OtlpConfig.Protocol;
import io.sonde.pipeline.OtlpConfig.Tls;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Configurations with a hasty pace. */
public record TestOtlp(OtlpConfig config) {
  private static final Tls NO_FILES =
      new Tls(Optional.empty(), Optional.empty(), Optional.empty(), false, Optional.empty());

  public static TestOtlp grpc(String endpoint) {
    return to(Protocol.GRPC, endpoint);
  }

  public static TestOtlp http(String endpoint) {
    return to(Protocol.HTTP_PROTOBUF, endpoint);
  }

  private static TestOtlp to(Protocol protocol, String endpoint) {
    return new TestOtlp(
        new OtlpConfig(
            protocol,
            OtlpAddress.parse(endpoint, true),
            Map.of(),
            new OtlpConfig.NoAuth(),
            NO_FILES,
            Duration.ofSeconds(2),
            false,
            3_670_016,
            new OtlpConfig.Backoff(Duration.ofMillis(20), Duration.ofMillis(200), Duration.ZERO),
            Duration.ofMillis(300),
            new OtlpConfig.Queue(Optional.empty(), 1 << 20)));
  }

  public TestOtlp headers(Map<String, String> headers) {
    return with(headers, config.auth(), config.tls(), config.timeout(), config.gzip());
  }

  public TestOtlp auth(Auth auth) {
    return with(config.headers(), auth, config.tls(), config.timeout(), config.gzip());
  }

  public TestOtlp tls(Tls tls) {
    return with(config.headers(), config.auth(), tls, config.timeout(), config.gzip());
  }

  public TestOtlp timeout(Duration timeout) {
    return with(config.headers(), config.auth(), config.tls(), timeout, config.gzip());
  }

  public TestOtlp gzip() {
    return with(config.headers(), config.auth(), config.tls(), config.timeout(), true);
  }

  private TestOtlp with(
      Map<String, String> headers, Auth auth, Tls tls, Duration timeout, boolean gzip) {
    return new TestOtlp(
        new OtlpConfig(
            config.protocol(),
            config.endpoint(),
            headers,
            auth,
            tls,
            timeout,
            gzip,
            config.maxRequestBytes(),
            config.backoff(),
            config.parkedFor(),
            config.queue()));
  }

  public TestOtlp maxElapsed(Duration maxElapsed) {
    return sending(
        config.maxRequestBytes(),
        new OtlpConfig.Backoff(config.backoff().initial(), config.backoff().max(), maxElapsed),
        config.queue());
  }

  public TestOtlp maxRequestBytes(int bytes) {
    return sending(bytes, config.backoff(), config.queue());
  }

  public TestOtlp queue(OtlpConfig.Queue queue) {
    return sending(config.maxRequestBytes(), config.backoff(), queue);
  }

  private TestOtlp sending(
      int maxRequestBytes, OtlpConfig.Backoff backoff, OtlpConfig.Queue queue) {
    return new TestOtlp(
        new OtlpConfig(
            config.protocol(),
            config.endpoint(),
            config.headers(),
            config.auth(),
            config.tls(),
            config.timeout(),
            config.gzip(),
            maxRequestBytes,
            backoff,
            config.parkedFor(),
            queue));
  }
}
