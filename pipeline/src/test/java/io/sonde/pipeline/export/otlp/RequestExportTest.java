package io.sonde.pipeline.export.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.sonde.pipeline.OtlpConfig;
import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.accounting.ExporterStatus.State;
import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.export.otlp.request.OtlpRequest;
import io.sonde.pipeline.export.otlp.request.Signal;
import io.sonde.pipeline.export.otlp.transport.GrpcCollector;
import io.sonde.pipeline.export.otlp.transport.Requests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of requests, and that each of their items is counted once. */
class RequestExportTest {
  private static final Duration PATIENCE = Duration.ofMillis(500);
  private static final ExportTraceServiceResponse TAKEN =
      ExportTraceServiceResponse.getDefaultInstance();

  @TempDir Path dir;
  private final Account account = new Account("export_traces");
  private final List<ExportTraceServiceRequest> taken = new CopyOnWriteArrayList<>();

  private ExportTraceServiceResponse take(ExportTraceServiceRequest request) {
    taken.add(request);
    return TAKEN;
  }

  private static RuntimeException refusal(Code code, String message) {
    return GrpcCollector.status(
        Status.newBuilder().setCode(code.getNumber()).setMessage(message).build());
  }

  private RequestExport start(TestOtlp otlp) throws OtlpStartException {
    return RequestExport.start(otlp.config(), Signal.TRACES, account);
  }

  private void offer(RequestExport export, OtlpRequest request) {
    account.in(request.items());
    export.offer(request.items(), request.body());
  }

  private int takenItems() {
    return taken.stream().mapToInt(request -> Requests.names(request).size()).sum();
  }

  private void assertAllCounted(RequestExport export) {
    long lost = 0;
    for (LossCause cause : LossCause.values()) {
      lost += account.lostTotal(cause);
    }
    assertThat(account.inTotal())
        .isEqualTo(account.outTotal() + lost + export.status().queue().items());
  }

  @Test
  void whileTheCollectorFailsNothingIsLostAndNothingIsTakenTwice() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    try (KeptLog log = new KeptLog();
        GrpcCollector collector =
            GrpcCollector.onTcp()
                .answering(
                    request -> {
                      if (calls.incrementAndGet() <= 5) {
                        throw refusal(Code.UNAVAILABLE, "memory limiter, call " + calls.get());
                      }
                      return take(request);
                    })) {
      RequestExport export = start(TestOtlp.grpc(collector.endpoint()));
      for (int i = 0; i < 23; i++) {
        offer(export, Requests.spans(3));
      }
      await().until(() -> account.outTotal() == 69);

      assertThat(takenItems()).isEqualTo(69);
      assertThat(export.status().state()).isEqualTo(State.OK);
      assertThat(export.status().sent()).isEqualTo(69);
      assertThat(log.warnings())
          .as("told once, not for each attempt")
          .singleElement()
          .asString()
          .contains("memory limiter, call 1");
      assertAllCounted(export);
      export.close(PATIENCE);
    }
  }

  @Test
  void aCollectorThatRestartsGetsTheRest() throws Exception {
    GrpcCollector first = GrpcCollector.onTcp().answering(this::take);
    int port = first.port();
    RequestExport export = start(TestOtlp.grpc(first.endpoint()));
    offer(export, Requests.spans(3));
    await().until(() -> account.outTotal() == 3);
    first.close();
    offer(export, Requests.spans(5));
    await().until(() -> export.status().state() == State.RECOVERABLE_ERROR);
    assertThat(export.status().message()).contains("nobody listens");
    assertThat(export.status().queue().items()).isEqualTo(5);
    assertAllCounted(export);
    try (GrpcCollector second = GrpcCollector.onTcp(port, null).answering(this::take)) {
      await().until(() -> account.outTotal() == 8);
      assertThat(second.requests()).hasSize(1);
    }
    export.close(PATIENCE);
  }

  @Test
  void aNamedDelayIsWaitedFor() throws Exception {
    RetryInfo info =
        RetryInfo.newBuilder()
            .setRetryDelay(com.google.protobuf.Duration.newBuilder().setNanos(700_000_000))
            .build();
    List<Long> calls = new CopyOnWriteArrayList<>();
    try (GrpcCollector collector =
        GrpcCollector.onTcp()
            .answering(
                request -> {
                  calls.add(System.nanoTime());
                  if (calls.size() == 1) {
                    throw GrpcCollector.status(
                        Status.newBuilder()
                            .setCode(Code.RESOURCE_EXHAUSTED.getNumber())
                            .addDetails(Any.pack(info))
                            .build());
                  }
                  return TAKEN;
                })) {
      RequestExport export = start(TestOtlp.grpc(collector.endpoint()));
      offer(export, Requests.spans(1));
      await().until(() -> account.outTotal() == 1);
      assertThat(Duration.ofNanos(calls.get(1) - calls.get(0)))
          .isGreaterThan(Duration.ofMillis(690));
      export.close(PATIENCE);
    }
  }

  @Test
  void anEndpointThatAsksForNoPauseIsNotHammered() throws Exception {
    try (GrpcCollector collector =
        GrpcCollector.onTcp()
            .answering(
                request -> {
                  throw GrpcCollector.status(
                      Status.newBuilder()
                          .setCode(Code.UNAVAILABLE.getNumber())
                          .addDetails(Any.pack(RetryInfo.getDefaultInstance()))
                          .build());
                })) {
      RequestExport export = start(TestOtlp.grpc(collector.endpoint()));
      long start = System.nanoTime();
      offer(export, Requests.spans(1));
      await().until(() -> collector.requests().size() >= 5);
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isGreaterThanOrEqualTo(Duration.ofMillis(4 * 20));
      export.close(PATIENCE);
    }
  }

  @Test
  void whatIsRefusedForGoodIsNotTriedAgain() throws Exception {
    try (GrpcCollector collector =
        GrpcCollector.onTcp()
            .answering(
                request -> {
                  throw refusal(Code.INVALID_ARGUMENT, "no");
                })) {
      RequestExport export = start(TestOtlp.grpc(collector.endpoint()));
      offer(export, Requests.spans(7));
      await().until(() -> account.lostTotal(LossCause.EXPORT_REFUSED) == 7);
      assertThat(export.status().state()).isEqualTo(State.PERMANENT_ERROR);
      assertThat(export.status().message()).isEqualTo("INVALID_ARGUMENT: no");
      assertThat(export.status().sendFailed()).isEqualTo(7);

      collector.answering(this::take);
      offer(export, Requests.spans(2));
      await().until(() -> account.outTotal() == 2);
      assertThat(collector.requests()).hasSize(2);
      assertAllCounted(export);
      export.close(PATIENCE);
    }
  }

  @Test
  void whatAPartialSuccessLeavesOutIsCountedApartAndToldOnce() throws Exception {
    ExportTraceServiceResponse partial =
        ExportTraceServiceResponse.newBuilder()
            .setPartialSuccess(
                ExportTracePartialSuccess.newBuilder()
                    .setRejectedSpans(2)
                    .setErrorMessage("too old"))
            .build();
    try (KeptLog log = new KeptLog();
        GrpcCollector collector = GrpcCollector.onTcp().answering(request -> partial)) {
      RequestExport export = start(TestOtlp.grpc(collector.endpoint()));
      offer(export, Requests.spans(5));
      offer(export, Requests.spans(1));
      await().until(() -> account.outTotal() == 3);
      await().until(() -> account.lostTotal(LossCause.EXPORT_REJECTED) == 3);
      assertThat(log.warnings()).singleElement().asString().contains("2 spans", "too old");
      assertAllCounted(export);
      export.close(PATIENCE);
    }
  }

  @Test
  void aRequestThatIsTooLargeIsHalvedAndOnlyASpanThatIsByItselfIsLost() throws Exception {
    try (GrpcCollector collector =
        GrpcCollector.onTcp()
            .answering(
                request -> {
                  if (request.getSerializedSize() > 2500) {
                    throw refusal(Code.RESOURCE_EXHAUSTED, "received message larger than max");
                  }
                  return take(request);
                })) {
      RequestExport export = start(TestOtlp.grpc(collector.endpoint()));
      offer(export, Requests.spans(23, 1000));
      offer(export, Requests.spans(1, 3000));
      await().until(() -> account.outTotal() == 23);
      await().until(() -> account.lostTotal(LossCause.EXPORT_TOO_LARGE) == 1);
      assertThat(taken.stream().flatMap(request -> Requests.names(request).stream()))
          .containsExactlyInAnyOrderElementsOf(
              Requests.names(ExportTraceServiceRequest.parseFrom(Requests.spans(23).body())));
      assertAllCounted(export);
      export.close(PATIENCE);
    }
  }

  @Test
  void requestsAreCutToTheBoundBeforeTheyAreSent() throws Exception {
    try (GrpcCollector collector = GrpcCollector.onTcp().answering(this::take)) {
      RequestExport export = start(TestOtlp.grpc(collector.endpoint()).maxRequestBytes(4000));
      offer(export, Requests.spans(23, 1000));
      await().until(() -> account.outTotal() == 23);
      assertThat(collector.requests())
          .hasSizeGreaterThan(5)
          .allSatisfy(request -> assertThat(request.getSerializedSize()).isLessThanOrEqualTo(4000));
      export.close(PATIENCE);
    }
  }

  @Test
  void aSignalTheCollectorDoesNotTakeIsParkedUntilItDoes() throws Exception {
    int port;
    RequestExport export;
    try (KeptLog log = new KeptLog();
        GrpcCollector without = GrpcCollector.withoutTraces()) {
      port = without.port();
      export =
          start(
              TestOtlp.grpc(without.endpoint())
                  .queue(new OtlpConfig.Queue(Optional.empty(), 10_000)));
      offer(export, Requests.spans(4));
      await().until(() -> export.status().state() == State.PARKED);
      for (int i = 0; i < 9; i++) {
        offer(export, Requests.spans(2, 1000));
      }
      assertThat(account.lostTotal(LossCause.EXPORT_PARKED)).isPositive();
      assertThat(account.lostTotal(LossCause.EXPORT_QUEUE_FULL)).isZero();
      assertThat(log.warnings())
          .singleElement()
          .asString()
          .contains("the collector takes no traces on " + without.endpoint());
      assertAllCounted(export);
    }
    try (GrpcCollector with = GrpcCollector.onTcp(port, null).answering(this::take)) {
      await().until(() -> export.status().queue().items() == 0);
      assertThat(with.requests()).isNotEmpty();
      assertThat(export.status().state()).isEqualTo(State.OK);
      assertThat(account.outTotal()).isEqualTo(takenItems());
      assertAllCounted(export);
    }
    export.close(PATIENCE);
  }

  @Test
  void aRequestIsGivenUpAfterTheMaximumElapsedTime() throws Exception {
    RequestExport export =
        start(TestOtlp.grpc("http://127.0.0.1:9").maxElapsed(Duration.ofMillis(200)));
    offer(export, Requests.spans(3));
    await().until(() -> account.lostTotal(LossCause.EXPORT_FAILED) == 3);
    export.close(PATIENCE);
    assertAllCounted(export);
  }

  @Test
  void aHungCollectorDoesNotHoldTheEndAndWhatIsLeftInMemoryIsCounted() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    try (KeptLog log = new KeptLog();
        GrpcCollector collector =
            GrpcCollector.onTcp()
                .answering(
                    request -> {
                      try {
                        end.await();
                      } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                      }
                      return TAKEN;
                    })) {
      RequestExport export =
          start(TestOtlp.grpc(collector.endpoint()).timeout(Duration.ofMinutes(1)));
      offer(export, Requests.spans(3));
      offer(export, Requests.spans(4));
      await().until(() -> !collector.requests().isEmpty());
      long start = System.nanoTime();
      export.close(PATIENCE);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
      assertThat(account.lostTotal(LossCause.EXPORT_SHUTDOWN)).isEqualTo(7);
      assertThat(log.warnings())
          .containsExactly("7 spans were not taken before Sonde ended, and are lost");
      assertAllCounted(export);
      end.countDown();
    }
  }

  @Test
  void onDiskWhatACollectorWasAwayForIsDeliveredByTheNextRunOnce() throws Exception {
    OtlpConfig.Queue disk = new OtlpConfig.Queue(Optional.of(dir), 10 << 20);
    RequestExport before = start(TestOtlp.grpc("http://127.0.0.1:9").queue(disk));
    for (int i = 0; i < 23; i++) {
      offer(before, Requests.spans(3));
    }
    before.close(PATIENCE);
    assertThat(account.lostTotal(LossCause.EXPORT_SHUTDOWN)).isZero();
    assertThat(dir.resolve("traces")).isNotEmptyDirectory();

    Account next = new Account("export_traces");
    try (GrpcCollector collector = GrpcCollector.onTcp().answering(this::take)) {
      RequestExport after =
          RequestExport.start(
              TestOtlp.grpc(collector.endpoint()).queue(disk).config(), Signal.TRACES, next);
      await().until(() -> next.outTotal() == 69);
      assertThat(next.inTotal()).isEqualTo(69);
      assertThat(takenItems()).isEqualTo(69);
      after.close(PATIENCE);
    }
  }

  @Test
  void aQueueDirectoryThatCannotBeHadIsNamedWithItsKey() throws Exception {
    Path file = Files.createFile(dir.resolve("file"));
    OtlpStartException refused =
        catchThrowableOfType(
            OtlpStartException.class,
            () ->
                start(
                    TestOtlp.grpc("http://127.0.0.1:9")
                        .queue(new OtlpConfig.Queue(Optional.of(file), 10 << 20))));
    assertThat(refused.key()).isEqualTo("queue.directory");
    assertThat(refused).hasMessageContaining(file.toString());
  }
}
