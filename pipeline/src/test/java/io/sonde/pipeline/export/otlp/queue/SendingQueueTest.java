package io.sonde.pipeline.export.otlp.queue;

import static io.sonde.pipeline.export.otlp.queue.Requests.items;
import static io.sonde.pipeline.export.otlp.queue.Requests.itemsOfFirst;
import static io.sonde.pipeline.export.otlp.queue.Requests.number;
import static io.sonde.pipeline.export.otlp.queue.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.export.otlp.request.OtlpRequest;
import io.sonde.pipeline.export.otlp.request.Signal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the contract says, asked of every kind of queue. */
class SendingQueueTest {
  private static final int BODY = 1000;
  private static final Duration NOW = Duration.ZERO;
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path directory;
  private final Losses losses = new Losses();

  enum Kind {
    MEMORY,
    DISK;

    SendingQueue open(Path directory, long capacityBytes, Losses losses) throws Exception {
      return this == MEMORY
          ? new MemoryQueue(capacityBytes, losses)
          : DiskQueue.open(directory.resolve("queue"), Signal.TRACES, capacityBytes, losses);
    }
  }

  @ParameterizedTest
  @EnumSource
  void givesRequestsInTheOrderInWhichTheyCame(Kind kind) throws Exception {
    try (SendingQueue queue = kind.open(directory, 1 << 20, losses)) {
      for (int i = 0; i < 500; i++) {
        queue.offer(request(i, BODY));
      }
      assertThat(queue.requests()).isEqualTo(500);
      assertThat(queue.items()).isEqualTo(itemsOfFirst(500));
      assertThat(queue.bytes()).isBetween(500L * BODY, 600L * BODY);
      for (int i = 0; i < 500; i++) {
        assertThat(number(queue.peek(NOW))).isEqualTo(i);
        assertThat(queue.remove()).isTrue();
      }
      assertThat(queue.peek(NOW)).isNull();
      assertThat(queue.bytes()).isZero();
      assertThat(queue.items()).isZero();
      assertThat(losses.total()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void givesTheSameRequestUntilItIsRemoved(Kind kind) throws Exception {
    try (SendingQueue queue = kind.open(directory, 1 << 20, losses)) {
      queue.offer(request(0, BODY));
      queue.offer(request(1, BODY));
      assertThat(queue.peek(NOW)).isSameAs(queue.peek(NOW));
      assertThat(queue.requests()).isEqualTo(2);
      queue.remove();
      assertThatThrownBy(queue::remove).isInstanceOf(IllegalStateException.class);
      assertThat(number(queue.peek(NOW))).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void wakesAWaitingConsumer(Kind kind) throws Exception {
    ExecutorService consumer = Executors.newSingleThreadExecutor();
    SendingQueue queue = kind.open(directory, 1 << 20, losses);
    try {
      Future<OtlpRequest> got = consumer.submit(() -> queue.peek(Duration.ofMinutes(5)));
      queue.offer(request(3, BODY));
      await().atMost(SOON).until(got::isDone);
      assertThat(number(got.get())).isEqualTo(3);

      queue.remove();
      Future<OtlpRequest> none = consumer.submit(() -> queue.peek(Duration.ofMinutes(5)));
      queue.close();
      await().atMost(SOON).until(none::isDone);
      assertThat(none.get()).isNull();
    } finally {
      consumer.shutdownNow();
    }
  }

  @ParameterizedTest
  @EnumSource
  void dropsTheOldestWhenOverTheBoundAndNeverExceedsIt(Kind kind) throws Exception {
    int offered = 3000;
    try (SendingQueue queue = kind.open(directory, 1 << 20, losses)) {
      for (int i = 0; i < offered; i++) {
        queue.offer(request(i, BODY));
        assertThat(queue.bytes()).isLessThanOrEqualTo(queue.capacityBytes());
        assertThat(queue.items() + losses.of(LossCause.EXPORT_QUEUE_FULL))
            .isEqualTo(itemsOfFirst(i + 1));
      }
      int first = number(queue.peek(NOW));
      assertThat(losses.of(LossCause.EXPORT_QUEUE_FULL)).isEqualTo(itemsOfFirst(first));
      assertThat(queue.bytes())
          .as("no more was dropped than a 16th")
          .isGreaterThan(queue.capacityBytes() * 14 / 16);
      for (int i = first; i < offered; i++) {
        assertThat(number(queue.peek(NOW))).isEqualTo(i);
        queue.remove();
      }
      assertThat(queue.peek(NOW)).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource
  void dropsARequestThatCanNeverFitAndKeepsTheOthers(Kind kind) throws Exception {
    try (SendingQueue queue = kind.open(directory, 100_000, losses)) {
      queue.offer(request(0, BODY));
      queue.offer(request(5, 100_001));
      assertThat(losses.of(LossCause.EXPORT_QUEUE_FULL)).isEqualTo(items(5));
      assertThat(number(queue.peek(NOW))).isZero();
      assertThat(queue.requests()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void takesARequestThatFillsTheBoundAlone(Kind kind) throws Exception {
    try (SendingQueue queue = kind.open(directory, 100_000, losses)) {
      for (int i = 0; i < 5; i++) {
        queue.offer(request(i, 100_000 - 64));
      }
      assertThat(number(queue.peek(NOW))).isEqualTo(4);
      assertThat(losses.total()).isEqualTo(itemsOfFirst(4));
    }
  }

  @ParameterizedTest
  @EnumSource
  void theRequestInFlightIsNeitherDroppedNorCountedTwice(Kind kind) throws Exception {
    int offered = 5000;
    try (SendingQueue queue = kind.open(directory, 1 << 20, losses)) {
      queue.offer(request(0, 300 * BODY));
      OtlpRequest inFlight = queue.peek(NOW);
      for (int i = 1; i < offered; i++) {
        queue.offer(request(i, BODY));
        assertThat(queue.bytes()).isLessThanOrEqualTo(queue.capacityBytes());
      }
      assertThat(queue.peek(NOW)).isSameAs(inFlight);
      long before = queue.requests();
      assertThat(queue.remove()).isTrue();
      assertThat(queue.requests()).as("removed itself, not another").isEqualTo(before - 1);
      int next = number(queue.peek(NOW));
      assertThat(next).isGreaterThan(1);
      assertThat(losses.total()).isEqualTo(itemsOfFirst(next) - items(0));
      assertThat(queue.items()).isEqualTo(itemsOfFirst(offered) - itemsOfFirst(next));
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatComesAfterTheEndIsCountedAsLost(Kind kind) throws Exception {
    SendingQueue queue = kind.open(directory, 1 << 20, losses);
    queue.offer(request(1, BODY));
    queue.peek(NOW);
    queue.close();
    long atClose = losses.of(LossCause.EXPORT_SHUTDOWN);
    assertThat(atClose).isEqualTo(kind == Kind.MEMORY ? items(1) : 0);
    assertThat(queue.remove()).isFalse();
    assertThat(queue.peek(SOON)).isNull();
    queue.offer(request(2, BODY));
    assertThat(losses.of(LossCause.EXPORT_SHUTDOWN)).isEqualTo(atClose + items(2));
  }

  @ParameterizedTest
  @EnumSource
  void accountsForEverythingUnderConcurrentProducers(Kind kind) throws Exception {
    int producers = 4;
    int each = 3000;
    int[] lastOf = new int[producers];
    Arrays.fill(lastOf, -1);
    long removed = 0;
    ExecutorService threads = Executors.newFixedThreadPool(producers);
    try (SendingQueue queue = kind.open(directory, 1 << 19, losses)) {
      List<Future<?>> done = new ArrayList<>();
      for (int p = 0; p < producers; p++) {
        int from = p * each;
        done.add(
            threads.submit(
                () -> {
                  for (int i = from; i < from + each; i++) {
                    queue.offer(request(i, 200 + i % 3000));
                  }
                }));
      }
      boolean last = false;
      while (!last) {
        last = done.stream().allMatch(Future::isDone);
        OtlpRequest next = queue.peek(NOW);
        for (int burst = 0; next != null && burst < 50; burst++) {
          int number = number(next);
          assertThat(number)
              .as("in the order of its producer")
              .isGreaterThan(lastOf[number / each]);
          lastOf[number / each] = number;
          removed += next.items();
          assertThat(queue.remove()).isTrue();
          next = queue.peek(NOW);
        }
      }
      for (Future<?> producer : done) {
        producer.get();
      }
      assertThat(removed).isPositive();
      assertThat(removed + losses.total() + queue.items())
          .isEqualTo(itemsOfFirst(producers * each));
      assertThat(losses.total()).isEqualTo(losses.of(LossCause.EXPORT_QUEUE_FULL));
    } finally {
      threads.shutdownNow();
    }
  }
}
