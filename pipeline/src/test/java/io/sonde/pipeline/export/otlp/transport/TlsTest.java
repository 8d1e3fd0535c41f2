package io.sonde.pipeline.export.otlp.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.sonde.pipeline.OtlpConfig.Protocol;
import io.sonde.pipeline.OtlpConfig.Tls;
import io.sonde.pipeline.export.otlp.OtlpStartException;
import io.sonde.pipeline.export.otlp.TestOtlp;
import io.sonde.pipeline.export.otlp.request.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TlsTest {
  private static final Tls NONE =
      new Tls(Optional.empty(), Optional.empty(), Optional.empty(), false, Optional.empty());

  /** A first handshake takes long in a JVM on a busy machine. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir static Path dir;
  private static Certificates certificates;

  @BeforeAll
  static void anAuthorityVouches() throws Exception {
    certificates = Certificates.in(dir);
  }

  private static Tls trusting() {
    return new Tls(
        Optional.of(certificates.ca()),
        Optional.empty(),
        Optional.empty(),
        false,
        Optional.empty());
  }

  private static Tls trustingAs(String name) {
    return new Tls(
        Optional.of(certificates.ca()),
        Optional.of(certificates.certificate(name)),
        Optional.of(certificates.key(name)),
        false,
        Optional.empty());
  }

  /** What comes of sending to a server that shows this certificate. */
  private static Outcome send(Protocol protocol, String server, ClientAuth clients, Tls tls)
      throws Exception {
    SslContextBuilder builder =
        SslContextBuilder.forServer(
                certificates.certificate(server).toFile(), certificates.key(server).toFile())
            .sslProvider(SslProvider.JDK)
            .trustManager(certificates.ca().toFile())
            .clientAuth(clients);
    if (protocol == Protocol.HTTP_PROTOBUF) {
      try (HttpCollector collector = HttpCollector.onTcp(builder.build())) {
        return sendTo(TestOtlp.http("https://127.0.0.1:" + collector.port() + "/v1/traces"), tls);
      }
    }
    SslContext context = GrpcSslContexts.configure(builder, SslProvider.JDK).build();
    try (GrpcCollector collector = GrpcCollector.onTcp(0, context)) {
      return sendTo(TestOtlp.grpc("https://127.0.0.1:" + collector.port()), tls);
    }
  }

  private static Outcome sendTo(TestOtlp otlp, Tls tls) throws Exception {
    try (Transport transport =
        TransportFactory.prepare(otlp.tls(tls).timeout(PATIENCE).config(), Signal.TRACES).open()) {
      return transport.send(Requests.spans(1));
    }
  }

  private static void assertNoConnection(Outcome outcome, String why) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Retry.class, retry -> assertThat(retry.reason()).contains("TLS").contains(why));
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void aServerIsBelievedWhoseAuthorityIsInTheCaFile(Protocol protocol) throws Exception {
    assertThat(send(protocol, "server", ClientAuth.NONE, trusting()))
        .isEqualTo(new Outcome.Accepted(0, ""));
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void aServerNobodyVouchesForIsNotBelievedUnlessNothingIsVerified(Protocol protocol)
      throws Exception {
    assertNoConnection(send(protocol, "server", ClientAuth.NONE, NONE), "set tls.ca_file");
    Tls careless =
        new Tls(Optional.empty(), Optional.empty(), Optional.empty(), true, Optional.empty());
    assertThat(send(protocol, "elsewhere", ClientAuth.NONE, careless))
        .isInstanceOf(Outcome.Accepted.class);
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void aCertificateForAnotherNameNeedsThatNameToBeExpected(Protocol protocol) throws Exception {
    assertNoConnection(
        send(protocol, "elsewhere", ClientAuth.NONE, trusting()), "set tls.server_name_override");
    Tls expecting =
        new Tls(
            Optional.of(certificates.ca()),
            Optional.empty(),
            Optional.empty(),
            false,
            Optional.of("collector.example"));
    assertThat(send(protocol, "elsewhere", ClientAuth.NONE, expecting))
        .isInstanceOf(Outcome.Accepted.class);
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void aServerThatAsksForACertificateGetsOursAndTakesNobodyWithout(Protocol protocol)
      throws Exception {
    assertThat(send(protocol, "server", ClientAuth.REQUIRE, trustingAs("client")))
        .isInstanceOf(Outcome.Accepted.class);
    // In TLS 1.3 the refusal follows a handshake that has succeeded: a reset may overtake it, then
    // the next attempt is told why.
    await()
        .untilAsserted(
            () ->
                assertNoConnection(
                    send(protocol, "server", ClientAuth.REQUIRE, trusting()), "set tls.cert_file"));
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void filesThatChangeAreInUseFromTheNextRequestOnUnlessTheyAreNoGood(Protocol protocol)
      throws Exception {
    Path ca = dir.resolve("ca-" + protocol + ".pem");
    replace(ca, certificates.certificate("client"));
    Tls tls = new Tls(Optional.of(ca), Optional.empty(), Optional.empty(), false, Optional.empty());
    SslContextBuilder builder =
        SslContextBuilder.forServer(
                certificates.certificate("server").toFile(), certificates.key("server").toFile())
            .sslProvider(SslProvider.JDK);
    if (protocol == Protocol.HTTP_PROTOBUF) {
      try (HttpCollector collector = HttpCollector.onTcp(builder.build())) {
        assertFollowsChanges(
            TestOtlp.http("https://127.0.0.1:" + collector.port() + "/v1/traces").tls(tls), ca);
      }
    } else {
      SslContext context = GrpcSslContexts.configure(builder, SslProvider.JDK).build();
      try (GrpcCollector collector = GrpcCollector.onTcp(0, context)) {
        assertFollowsChanges(TestOtlp.grpc("https://127.0.0.1:" + collector.port()).tls(tls), ca);
      }
    }
  }

  private static void assertFollowsChanges(TestOtlp otlp, Path ca) throws Exception {
    try (Transport transport =
        TransportFactory.prepare(otlp.timeout(PATIENCE).config(), Signal.TRACES).open()) {
      assertNoConnection(transport.send(Requests.spans(1)), "set tls.ca_file");
      replace(ca, certificates.ca());
      assertThat(transport.send(Requests.spans(1))).isInstanceOf(Outcome.Accepted.class);
      Files.writeString(ca, "half a certifi");
      assertThat(transport.send(Requests.spans(1))).isInstanceOf(Outcome.Accepted.class);
      replace(ca, certificates.certificate("client"));
      assertNoConnection(transport.send(Requests.spans(1)), "set tls.ca_file");
    }
  }

  /** As whoever renews certificates does: by another file. */
  private static void replace(Path file, Path by) throws IOException {
    Path next = Files.copy(by, dir.resolve("next"), StandardCopyOption.REPLACE_EXISTING);
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void aServerWithoutTlsIsNamedAsThat() throws Exception {
    try (HttpCollector collector = HttpCollector.onTcp()) {
      assertThat(
              sendTo(TestOtlp.http("https://127.0.0.1:" + collector.port() + "/v1/traces"), NONE))
          .isInstanceOfSatisfying(
              Outcome.Retry.class,
              retry -> assertThat(retry.reason()).contains("does not speak TLS"));
    }
    try (GrpcCollector collector = GrpcCollector.onTcp()) {
      assertThat(sendTo(TestOtlp.grpc("https://127.0.0.1:" + collector.port()), NONE))
          .isInstanceOfSatisfying(
              Outcome.Retry.class,
              retry -> assertThat(retry.reason()).contains("does not speak TLS"));
    }
  }

  @Test
  void aFileThatCannotBeUsedIsNamedWithItsKeyBeforeAnythingStarts() throws Exception {
    Path junk = Files.writeString(dir.resolve("junk.pem"), "not a certificate");
    Tls unreadable =
        new Tls(
            Optional.of(dir.resolve("none.pem")),
            Optional.empty(),
            Optional.empty(),
            false,
            Optional.empty());
    assertRefused(unreadable, "tls.ca_file", "none.pem");
    Tls notPem =
        new Tls(Optional.of(junk), Optional.empty(), Optional.empty(), false, Optional.empty());
    assertRefused(notPem, "tls.ca_file", "junk.pem");
    Tls notAKey =
        new Tls(
            Optional.empty(),
            Optional.of(certificates.certificate("client")),
            Optional.of(junk),
            false,
            Optional.empty());
    assertRefused(notAKey, "tls.key_file", "junk.pem");
  }

  private static void assertRefused(Tls tls, String key, String file) {
    OtlpStartException refused =
        catchThrowableOfType(
            OtlpStartException.class,
            () ->
                TransportFactory.prepare(
                    TestOtlp.grpc("https://127.0.0.1:1").tls(tls).config(), Signal.TRACES));
    assertThat(refused.key()).isEqualTo(key);
    assertThat(refused).hasMessageContaining(key).hasMessageContaining(file);
  }
}
