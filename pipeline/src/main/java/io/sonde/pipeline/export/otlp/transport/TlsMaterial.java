package io.sonde.pipeline.export.otlp.transport;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.sonde.pipeline.OtlpConfig;
import io.sonde.pipeline.OtlpConfig.Tls;
import io.sonde.pipeline.export.otlp.OtlpStartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLException;

/** Certificates and keys, from PEM files, for the JDK's TLS. */
final class TlsMaterial {
  private TlsMaterial() {}

  /**
   * With everything from the files in it.
   *
   * @throws OtlpStartException when one cannot be used; the message names it
   */
  static SslContext load(OtlpConfig config) throws OtlpStartException {
    SslContextBuilder builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
    trust(builder, config.tls());
    identify(builder, config.tls());
    if (config.protocol() == OtlpConfig.Protocol.GRPC) {
      GrpcSslContexts.configure(builder, SslProvider.JDK);
    }
    try {
      return builder.build();
    } catch (SSLException e) {
      throw new IllegalStateException("the JDK has no TLS that fits", e);
    }
  }

  private static void trust(SslContextBuilder builder, Tls tls) throws OtlpStartException {
    if (tls.skipVerify()) {
      builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
    } else if (tls.ca().isPresent()) {
      Path ca = tls.ca().get();
      use("tls.ca_file", ca, "certificates in PEM", () -> builder.trustManager(ca.toFile()));
    }
  }

  private static void identify(SslContextBuilder builder, Tls tls) throws OtlpStartException {
    if (tls.certificate().isPresent() && tls.key().isPresent()) {
      Path certificate = tls.certificate().get();
      Path key = tls.key().get();
      use("tls.cert_file", certificate, "a certificate in PEM", () -> {});
      use(
          "tls.key_file",
          key,
          "the key of "
              + certificate
              + " in PEM, PKCS #8 without a password (openssl pkcs8 -topk8 -nocrypt makes one)",
          () -> builder.keyManager(certificate.toFile(), key.toFile()));
    }
  }

  private static void use(String key, Path file, String expectation, Runnable step)
      throws OtlpStartException {
    try {
      Files.newInputStream(file).close(); // for the operating system's own reason
      step.run();
    } catch (IOException | IllegalArgumentException e) {
      throw new OtlpStartException(
          key,
          key
              + ": "
              + file
              + " cannot be used ("
              + Remark.of(ConnectFailure.deepest(e))
              + "): it must be readable for Sonde's user and hold "
              + expectation,
          e);
    }
  }
}
