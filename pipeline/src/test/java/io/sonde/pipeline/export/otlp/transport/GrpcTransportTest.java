package io.sonde.pipeline.export.otlp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.Code;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.Metadata;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.sonde.pipeline.OtlpConfig;
import io.sonde.pipeline.export.otlp.TestOtlp;
import io.sonde.pipeline.export.otlp.request.OtlpRequest;
import io.sonde.pipeline.export.otlp.request.Signal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GrpcTransportTest {
  private static final OtlpRequest REQUEST = Requests.spans(3);

  @TempDir Path dir;

  private static Outcome send(TestOtlp otlp) throws Exception {
    return send(otlp, REQUEST);
  }

  private static Outcome send(TestOtlp otlp, OtlpRequest request) throws Exception {
    try (Transport transport = TransportFactory.prepare(otlp.config(), request.signal()).open()) {
      return transport.send(request);
    }
  }

  private static Outcome answer(Status status) throws Exception {
    return answer(status, REQUEST);
  }

  private static Outcome answer(Status status, OtlpRequest request) throws Exception {
    try (GrpcCollector collector =
        GrpcCollector.onTcp()
            .answering(
                any -> {
                  throw GrpcCollector.status(status);
                })) {
      return send(TestOtlp.grpc(collector.endpoint()), request);
    }
  }

  private static Status status(Code code) {
    return Status.newBuilder().setCode(code.getNumber()).setMessage("because\nof tests").build();
  }

  private static Status withDelay(Code code) {
    RetryInfo info =
        RetryInfo.newBuilder()
            .setRetryDelay(Duration.newBuilder().setSeconds(7).setNanos(500_000_000))
            .build();
    return status(code).toBuilder().addDetails(Any.pack(info)).build();
  }

  @Test
  void aRequestArrivesAsItWasEncodedAndWithTheHeaders() throws Exception {
    try (GrpcCollector collector = GrpcCollector.onTcp()) {
      Outcome outcome =
          send(TestOtlp.grpc(collector.endpoint()).headers(Map.of("X-Tenant", "blue")).gzip());
      assertThat(outcome).isEqualTo(new Outcome.Accepted(0, ""));
      assertThat(collector.requests())
          .singleElement()
          .satisfies(request -> assertThat(request.toByteArray()).isEqualTo(REQUEST.body()));
      assertThat(header(collector, "x-tenant")).isEqualTo("blue");
      assertThat(header(collector, "grpc-encoding")).isEqualTo("gzip");
      assertThat(header(collector, "user-agent")).startsWith("Sonde/");
    }
  }

  private static String header(GrpcCollector collector, String name) {
    return collector.headers().get(0).get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
  }

  @Test
  void aSocketInTheFileSystemIsReached() throws Exception {
    Path socket = dir.resolve("otlp.sock");
    try (GrpcCollector collector = GrpcCollector.onUnix(socket.toString())) {
      assertThat(send(TestOtlp.grpc("unix://" + socket))).isEqualTo(new Outcome.Accepted(0, ""));
      assertThat(collector.requests()).hasSize(1);
    }
  }

  @Test
  void anAbstractSocketIsReached() throws Exception {
    String name = "sonde-test-" + ProcessHandle.current().pid();
    try (GrpcCollector collector = GrpcCollector.onUnix('\0' + name)) {
      assertThat(send(TestOtlp.grpc("unix://@" + name))).isEqualTo(new Outcome.Accepted(0, ""));
      assertThat(collector.requests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Code.class,
      names = {
        "CANCELLED",
        "DEADLINE_EXCEEDED",
        "ABORTED",
        "OUT_OF_RANGE",
        "UNAVAILABLE",
        "DATA_LOSS"
      })
  void whatTheSpecificationCallsRetryableIsTriedAgainAtTheOwnPace(Code code) throws Exception {
    assertThat(answer(status(code)))
        .isInstanceOfSatisfying(Outcome.Retry.class, retry -> assertThat(retry.after()).isEmpty());
  }

  @ParameterizedTest
  @EnumSource(
      value = Code.class,
      names = {
        "UNKNOWN",
        "INVALID_ARGUMENT",
        "NOT_FOUND",
        "ALREADY_EXISTS",
        "FAILED_PRECONDITION",
        "INTERNAL",
        "PERMISSION_DENIED",
        "UNAUTHENTICATED",
        "RESOURCE_EXHAUSTED"
      })
  void whatItCallsPermanentIsNot(Code code) throws Exception {
    assertThat(answer(status(code)))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.reason()).startsWith(code + ": because of tests"));
  }

  @ParameterizedTest
  @EnumSource(
      value = Code.class,
      names = {"UNAVAILABLE", "RESOURCE_EXHAUSTED"})
  void anEndpointThatNamesADelayGetsIt(Code code) throws Exception {
    assertThat(answer(withDelay(code)))
        .isEqualTo(
            new Outcome.Retry(
                code + ": because of tests", Optional.of(java.time.Duration.ofMillis(7500))));
  }

  @Test
  void aCollectorsLimitOnMessagesIsAboutSize() throws Exception {
    Status words =
        Status.newBuilder()
            .setCode(Code.RESOURCE_EXHAUSTED.getNumber())
            .setMessage("grpc: received message larger than max (5000000 vs. 4194304)")
            .build();
    assertThat(answer(words)).isInstanceOf(Outcome.TooLarge.class);
    assertThat(answer(status(Code.RESOURCE_EXHAUSTED), Requests.spans(3, 1 << 19)))
        .as("a megabyte and a half")
        .isInstanceOf(Outcome.TooLarge.class);
  }

  @Test
  void aServerWithoutTheServiceDoesNotKnowTheSignal() throws Exception {
    try (GrpcCollector collector = GrpcCollector.withoutTraces()) {
      assertThat(send(TestOtlp.grpc(collector.endpoint())))
          .isInstanceOfSatisfying(
              Outcome.Unimplemented.class,
              outcome -> assertThat(outcome.reason()).startsWith("UNIMPLEMENTED"));
    }
  }

  @Test
  void aPartialSuccessTellsHowManyAndWhy() throws Exception {
    try (GrpcCollector collector =
        GrpcCollector.onTcp()
            .answering(
                request ->
                    ExportTraceServiceResponse.newBuilder()
                        .setPartialSuccess(
                            ExportTracePartialSuccess.newBuilder()
                                .setRejectedSpans(2)
                                .setErrorMessage("too\nold"))
                        .build())) {
      assertThat(send(TestOtlp.grpc(collector.endpoint())))
          .isEqualTo(new Outcome.Accepted(2, "too old"));
    }
  }

  @Test
  void aHungCollectorIsGivenUpAfterTheTimeout() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    try (GrpcCollector collector =
        GrpcCollector.onTcp()
            .answering(
                request -> {
                  awaitQuietly(end);
                  return ExportTraceServiceResponse.getDefaultInstance();
                })) {
      Outcome outcome =
          send(TestOtlp.grpc(collector.endpoint()).timeout(java.time.Duration.ofMillis(300)));
      end.countDown();
      assertThat(outcome)
          .isEqualTo(
              new Outcome.Retry(
                  collector.endpoint() + " does not answer within 300 ms", Optional.empty()));
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aCollectorThatCameBackIsReachedAtTheNextAttempt() throws Exception {
    GrpcCollector first = GrpcCollector.onTcp();
    int port = first.port();
    try (Transport transport =
        TransportFactory.prepare(TestOtlp.grpc(first.endpoint()).config(), Signal.TRACES).open()) {
      assertThat(transport.send(REQUEST)).isInstanceOf(Outcome.Accepted.class);
      first.close();
      assertThat(transport.send(REQUEST)).isInstanceOf(Outcome.Retry.class);
      assertThat(transport.send(REQUEST)).isInstanceOf(Outcome.Retry.class);
      try (GrpcCollector second = GrpcCollector.onTcp(port, null)) {
        assertThat(transport.send(REQUEST)).isInstanceOf(Outcome.Accepted.class);
        assertThat(second.requests()).hasSize(1);
      }
    } finally {
      first.close();
    }
  }

  @Test
  void aSocketFileThatAKilledCollectorLeftIsNamedAsThat() throws Exception {
    Path socket = StaleSocket.in(dir);
    assertThat(send(TestOtlp.grpc("unix://" + socket)))
        .isInstanceOfSatisfying(
            Outcome.Retry.class,
            retry ->
                assertThat(retry.reason())
                    .contains(socket + " exists, but nobody listens")
                    .contains("remove the file"));
  }

  @Test
  void aMissingSocketAndAMissingListenerAreNamed() throws Exception {
    assertThat(send(TestOtlp.grpc("unix://" + dir + "/none")))
        .isInstanceOfSatisfying(
            Outcome.Retry.class,
            retry -> assertThat(retry.reason()).startsWith("there is no socket " + dir + "/none"));
    assertThat(send(TestOtlp.grpc("unix://@sonde-nobody-has-this")))
        .isInstanceOfSatisfying(
            Outcome.Retry.class,
            retry ->
                assertThat(retry.reason())
                    .startsWith("nobody listens on unix://@sonde-nobody-has-this"));
    assertThat(send(TestOtlp.grpc("http://127.0.0.1:9")))
        .isInstanceOfSatisfying(
            Outcome.Retry.class,
            retry -> assertThat(retry.reason()).startsWith("nobody listens on 127.0.0.1:9"));
  }

  @Test
  void basicAuthenticationAndATokenFromAFileThatChangesAreSent() throws Exception {
    Path token = Files.writeString(dir.resolve("token"), "first\n");
    try (GrpcCollector collector = GrpcCollector.onTcp()) {
      send(
          TestOtlp.grpc(collector.endpoint()).auth(new OtlpConfig.Basic("Aladdin", "open sesame")));
      assertThat(header(collector, "authorization"))
          .isEqualTo("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
      collector.headers().clear();
      try (Transport transport =
          TransportFactory.prepare(
                  TestOtlp.grpc(collector.endpoint())
                      .auth(new OtlpConfig.BearerFile(token))
                      .config(),
                  Signal.TRACES)
              .open()) {
        transport.send(REQUEST);
        assertThat(header(collector, "authorization")).isEqualTo("Bearer first");
        collector.headers().clear();
        Files.writeString(token, "the-second");
        transport.send(REQUEST);
        assertThat(header(collector, "authorization")).isEqualTo("Bearer the-second");
      }
    }
  }

  @Test
  void aRefusalForTheSakeOfCredentialsNamesTheKeysAndNeverTheSecret() throws Exception {
    assertThat(answer(status(Code.UNAUTHENTICATED)))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.reason()).contains("auth.bearer_token_file"));
    OtlpConfig config =
        TestOtlp.grpc("http://c:4317").auth(new OtlpConfig.Basic("me", "s3cret")).config();
    assertThat(config.toString() + config.auth()).doesNotContain("s3cret");
  }
}
