package io.sonde.pipeline.export.otlp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Status;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.sonde.pipeline.OtlpConfig;
import io.sonde.pipeline.export.otlp.TestOtlp;
import io.sonde.pipeline.export.otlp.request.OtlpRequest;
import io.sonde.pipeline.export.otlp.request.Signal;
import io.sonde.pipeline.export.otlp.transport.HttpCollector.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpTransportTest {
  private static final OtlpRequest REQUEST = Requests.spans(3);

  @TempDir Path dir;

  private static Outcome send(TestOtlp otlp) throws Exception {
    try (Transport transport = TransportFactory.prepare(otlp.config(), Signal.TRACES).open()) {
      return transport.send(REQUEST);
    }
  }

  private static Outcome answer(Answer answer) throws Exception {
    try (HttpCollector collector = HttpCollector.onTcp().answering(answer)) {
      return send(TestOtlp.http(collector.endpoint() + "/v1/traces"));
    }
  }

  private static Answer text(int status, String text) {
    return new Answer(
        status, Map.of("Content-Type", "text/plain"), text.getBytes(StandardCharsets.UTF_8));
  }

  private static Answer protobuf(int status, byte[] body) {
    return new Answer(status, Map.of("Content-Type", "application/x-protobuf"), body);
  }

  @Test
  void aRequestArrivesAsItWasEncodedAndWithItsHeaders() throws Exception {
    try (HttpCollector collector = HttpCollector.onTcp()) {
      Outcome outcome =
          send(
              TestOtlp.http(collector.endpoint() + "/custom/v1/traces")
                  .headers(Map.of("X-Tenant", "blue"))
                  .auth(new OtlpConfig.Bearer("t0ken")));
      assertThat(outcome).isEqualTo(new Outcome.Accepted(0, ""));
      assertThat(collector.arrived())
          .singleElement()
          .satisfies(
              request -> {
                assertThat(request.path()).isEqualTo("/custom/v1/traces");
                assertThat(request.body()).isEqualTo(REQUEST.body());
                assertThat(request.headers())
                    .containsEntry("Content-Type", "application/x-protobuf")
                    .containsEntry("x-tenant", "blue")
                    .containsEntry("Authorization", "Bearer t0ken")
                    .containsEntry("Host", "127.0.0.1:" + collector.port())
                    .doesNotContainKey("Content-Encoding");
                assertThat(request.headers().get("User-Agent")).startsWith("Sonde/");
              });
    }
  }

  /** Whether before a request, amid it or after: it must not be taken for a defect, and lost. */
  @Test
  void whereTheConnectionIsClosedAtWhateverMomentItIsTriedAgain() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Transport transport =
            TransportFactory.prepare(
                    TestOtlp.http("http://127.0.0.1:" + server.getLocalPort() + "/v1/traces")
                        .config(),
                    Signal.TRACES)
                .open()) {
      CompletableFuture.runAsync(() -> closeEveryConnectionOf(server));
      for (int i = 0; i < 500; i++) {
        assertThat(transport.send(REQUEST)).isInstanceOf(Outcome.Retry.class);
      }
    }
  }

  private static void closeEveryConnectionOf(ServerSocket server) {
    while (!server.isClosed()) {
      try {
        server.accept().close();
      } catch (IOException e) {
        assertThat(server.isClosed()).as("the test ended").isTrue();
      }
    }
  }

  @Test
  void compressedItIsTheSame() throws Exception {
    try (HttpCollector collector = HttpCollector.onTcp()) {
      send(TestOtlp.http(collector.endpoint() + "/v1/traces").gzip());
      HttpCollector.Arrived request = collector.arrived().get(0);
      assertThat(request.headers()).containsEntry("Content-Encoding", "gzip");
      assertThat(new GZIPInputStream(new ByteArrayInputStream(request.body())).readAllBytes())
          .isEqualTo(REQUEST.body());
    }
  }

  @Test
  void unixSocketsWithAndWithoutAFileAreReached() throws Exception {
    Path socket = dir.resolve("otlp.sock");
    try (HttpCollector collector = HttpCollector.onUnix(socket.toString())) {
      assertThat(send(TestOtlp.http("unix://" + socket))).isInstanceOf(Outcome.Accepted.class);
      assertThat(collector.arrived().get(0).headers()).containsEntry("Host", "localhost");
    }
    String name = "sonde-http-test-" + ProcessHandle.current().pid();
    try (HttpCollector collector = HttpCollector.onUnix('\0' + name)) {
      assertThat(send(TestOtlp.http("unix://@" + name))).isInstanceOf(Outcome.Accepted.class);
      assertThat(collector.arrived()).hasSize(1);
    }
  }

  @Test
  void oneConnectionIsKeptAndReplacedWhenItIsGone() throws Exception {
    try (HttpCollector collector = HttpCollector.onTcp();
        Transport transport =
            TransportFactory.prepare(
                    TestOtlp.http(collector.endpoint() + "/v1/traces").config(), Signal.TRACES)
                .open()) {
      transport.send(REQUEST);
      transport.send(REQUEST);
      assertThat(collector.connections()).isEqualTo(1);
      collector.answering(new Answer(200, Map.of("Connection", "close"), new byte[0]));
      transport.send(REQUEST);
      assertThat(transport.send(REQUEST)).isInstanceOf(Outcome.Accepted.class);
      assertThat(collector.connections()).isEqualTo(2);
      assertThat(collector.arrived()).hasSize(4);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 502, 503, 504})
  void whatTheSpecificationCallsRetryableIsTriedAgain(int status) throws Exception {
    assertThat(answer(text(status, "busy\n")))
        .isEqualTo(new Outcome.Retry("HTTP " + status + ": busy", Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 405, 408, 415, 500, 501, 307})
  void allElseIsPermanent(int status) throws Exception {
    assertThat(answer(text(status, "no")))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.reason()).startsWith("HTTP " + status));
  }

  @Test
  void aDelayMayBeSecondsOrADate() throws Exception {
    assertThat(answer(new Answer(503, Map.of("Retry-After", "12"), new byte[0])))
        .isEqualTo(new Outcome.Retry("HTTP 503", Optional.of(Duration.ofSeconds(12))));
    Instant now = Instant.parse("2026-11-21T10:00:00Z");
    String later =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            ZonedDateTime.ofInstant(now.plusSeconds(90), ZoneOffset.UTC));
    assertThat(delay(later, now)).contains(Duration.ofSeconds(90));
    assertThat(delay("Sat, 21 Nov 2026 09:00:00 GMT", now)).contains(Duration.ZERO);
    assertThat(delay("99999999999999999999", now)).isEmpty();
    assertThat(delay("31536000", now)).as("a year").contains(Duration.ofHours(1));
    assertThat(delay("soon", now)).isEmpty();
  }

  private static Optional<Duration> delay(String retryAfter, Instant now) {
    return new HttpAnswer(503, null, retryAfter, null, new byte[0]).delay(now);
  }

  @Test
  void theMessageOfAProtobufStatusIsRead() throws Exception {
    byte[] status = Status.newBuilder().setCode(3).setMessage("bad span").build().toByteArray();
    assertThat(answer(protobuf(400, status))).isEqualTo(new Outcome.Refused("HTTP 400: bad span"));
  }

  @Test
  void tooLargeAndUnknownPathsAreTold() throws Exception {
    assertThat(answer(Answer.of(413))).isEqualTo(new Outcome.TooLarge("HTTP 413"));
    assertThat(answer(text(404, "404 page not found")))
        .isEqualTo(new Outcome.Unimplemented("HTTP 404: 404 page not found"));
  }

  @Test
  void aPartialSuccessTellsHowManyAndWhy() throws Exception {
    byte[] partial =
        ExportTraceServiceResponse.newBuilder()
            .setPartialSuccess(
                ExportTracePartialSuccess.newBuilder()
                    .setRejectedSpans(2)
                    .setErrorMessage("too old"))
            .build()
            .toByteArray();
    assertThat(answer(protobuf(200, partial))).isEqualTo(new Outcome.Accepted(2, "too old"));
    assertThat(answer(protobuf(200, new byte[] {10, 127, 8})))
        .as("a damaged answer to a request that was taken")
        .isInstanceOfSatisfying(
            Outcome.Accepted.class, accepted -> assertThat(accepted.rejected()).isZero());
  }

  @Test
  void anAnswerWithoutAnEndOfWordsIsJudgedByItsStatus() throws Exception {
    assertThat(answer(text(500, "x".repeat(1 << 20))))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.reason()).hasSizeLessThan(400).endsWith("…"));
  }

  @Test
  void aHungCollectorIsGivenUpAfterTheTimeoutAndNotWaitedForTheNextTime() throws Exception {
    try (HttpCollector collector = HttpCollector.onTcp().answering(Answer.of(0));
        Transport transport =
            TransportFactory.prepare(
                    TestOtlp.http(collector.endpoint() + "/v1/traces")
                        .timeout(Duration.ofMillis(300))
                        .config(),
                    Signal.TRACES)
                .open()) {
      assertThat(transport.send(REQUEST))
          .isEqualTo(
              new Outcome.Retry(
                  collector.endpoint() + "/v1/traces does not answer within 300 ms",
                  Optional.empty()));
      collector.answering(Answer.of(200));
      assertThat(transport.send(REQUEST)).isInstanceOf(Outcome.Accepted.class);
    }
  }

  @Test
  void thePortOfTheOtherProtocolAndAnUnknownHostAreNamed() throws Exception {
    try (HttpCollector http = HttpCollector.onTcp()) {
      assertTriedAgain(TestOtlp.grpc(http.endpoint()), "does not speak gRPC");
    }
    try (GrpcCollector grpc = GrpcCollector.onTcp()) {
      assertTriedAgain(TestOtlp.http(grpc.endpoint() + "/v1/traces"), "is not HTTP/1");
    }
    assertTriedAgain(TestOtlp.http("http://c.invalid/v1/traces"), "http://c.invalid/v1/traces");
    assertTriedAgain(TestOtlp.grpc("http://c.invalid:4317"), "not known to the resolver");
  }

  private static void assertTriedAgain(TestOtlp otlp, String reason) throws Exception {
    assertThat(send(otlp))
        .isInstanceOfSatisfying(
            Outcome.Retry.class, retry -> assertThat(retry.reason()).contains(reason));
  }

  @Test
  void aSocketFileThatAKilledCollectorLeftIsNamedAsThat() throws Exception {
    Path socket = StaleSocket.in(dir);
    assertThat(send(TestOtlp.http("unix://" + socket)))
        .isInstanceOfSatisfying(
            Outcome.Retry.class,
            retry -> assertThat(retry.reason()).contains(socket + " exists, but nobody listens"));
  }
}
