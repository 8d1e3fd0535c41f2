package io.sonde.pipeline.export.otlp.queue;

import static io.sonde.pipeline.export.otlp.queue.DiskQueues.MIB;
import static io.sonde.pipeline.export.otlp.queue.DiskQueues.drain;
import static io.sonde.pipeline.export.otlp.queue.DiskQueues.fill;
import static io.sonde.pipeline.export.otlp.queue.DiskQueues.open;
import static io.sonde.pipeline.export.otlp.queue.DiskQueues.segments;
import static io.sonde.pipeline.export.otlp.queue.Requests.itemsOfFirst;
import static io.sonde.pipeline.export.otlp.queue.Requests.number;
import static io.sonde.pipeline.export.otlp.queue.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.export.otlp.request.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskQueueTest {
  @TempDir Path parent;
  private Path directory;
  private final Losses losses = new Losses();

  @BeforeEach
  void nameTheDirectory() {
    directory = parent.resolve("queue");
  }

  @Test
  void whatIsLeftIsThereAfterARestartInOrder() throws Exception {
    fill(directory, 300, 1000);
    try (DiskQueue queue = open(directory, losses)) {
      assertThat(queue.recovered()).isEqualTo(itemsOfFirst(300)).isEqualTo(queue.items());
      assertThat(queue.requests()).isEqualTo(300);
      queue.offer(request(300, 1000));
      assertThat(drain(queue)).isEqualTo(numbers(0, 301));
    }
    assertThat(losses.total()).isZero();
  }

  @Test
  void whatWasRemovedDoesNotComeBackAndWhatWasInFlightDoes() throws Exception {
    fill(directory, 300, 1000);
    for (int removed : List.of(0, 1, 63, 64, 100, 172)) {
      try (DiskQueue queue = open(directory, losses)) {
        int first = number(queue.peek(Duration.ZERO));
        for (int i = first; i < removed; i++) {
          queue.remove();
          assertThat(number(queue.peek(Duration.ZERO))).isEqualTo(i + 1);
        }
      }
      try (DiskQueue queue = open(directory, losses)) {
        assertThat(queue.recovered()).isEqualTo(itemsOfFirst(300) - itemsOfFirst(removed));
        assertThat(number(queue.peek(Duration.ZERO))).isEqualTo(removed);
      }
    }
    assertThat(losses.total()).isZero();
  }

  @Test
  void anEmptyQueueNeedsNoSpaceAndIsEmptyAfterARestart() throws Exception {
    fill(directory, 300, 1000);
    try (DiskQueue queue = open(directory, losses)) {
      drain(queue);
      assertThat(segments(directory)).isEmpty();
    }
    try (DiskQueue queue = open(directory, losses)) {
      assertThat(queue.recovered()).isZero();
      assertThat(queue.peek(Duration.ZERO)).isNull();
    }
  }

  @Test
  void countsWhatASmallerBoundThanThatOfTheLastRunDoesNotHold() throws Exception {
    fill(directory, 800, 1000);
    try (DiskQueue queue = DiskQueue.open(directory, Signal.TRACES, MIB / 4, losses)) {
      assertThat(queue.recovered()).isEqualTo(itemsOfFirst(800));
      assertThat(queue.bytes()).isBetween(MIB / 8, MIB / 4);
      int first = number(queue.peek(Duration.ZERO));
      assertThat(losses.of(LossCause.EXPORT_QUEUE_FULL)).isEqualTo(itemsOfFirst(first));
      assertThat(drain(queue)).isEqualTo(numbers(first, 800));
    }
  }

  @Test
  void storesRequestsThatAreLargerThanASegment() throws Exception {
    fill(directory, 8, 100_000);
    try (DiskQueue queue = open(directory, losses)) {
      assertThat(drain(queue)).isEqualTo(numbers(0, 8));
    }
    assertThat(losses.total()).isZero();
  }

  @Test
  void theBytesItSaysAreThoseOfItsFiles() throws Exception {
    try (DiskQueue queue = open(directory, losses)) {
      for (int i = 0; i < 2000; i++) {
        queue.offer(request(i, 900));
        if (i % 3 == 0) {
          queue.peek(Duration.ZERO);
          queue.remove();
        }
      }
      long onDisk = 0;
      for (Path segment : segments(directory)) {
        onDisk += Files.size(segment);
      }
      assertThat(queue.bytes()).isEqualTo(onDisk).isLessThanOrEqualTo(MIB);
    }
  }

  @Test
  void leavesForeignFilesAloneAndTheQueueOfTheOtherSignal() throws Exception {
    fill(directory, 1, 1000);
    List<String> foreign =
        List.of(
            "notes.txt",
            "traces-1-1.segment",
            "metrics-0000000000000000-0000000000000000.segment",
            "traces-0000000000000009-0000000000000009.segment.bak");
    for (String name : foreign) {
      Files.writeString(directory.resolve(name), name);
    }
    Path folder = directory.resolve("traces-0000000000000007-0000000000000007.segment");
    Files.createDirectory(folder);
    try (DiskQueue queue = open(directory, losses)) {
      assertThat(drain(queue)).containsExactly(0);
      for (int i = 0; i < 3000; i++) {
        queue.offer(request(i, 1000)); // over the bound: files are deleted
      }
    }
    for (String name : foreign) {
      assertThat(directory.resolve(name)).hasContent(name);
    }
    assertThat(folder).isDirectory();
  }

  @Test
  void keepsAFewFilesOpenHoweverLongTheBacklogAndNoneAfterwards() throws Exception {
    try (DiskQueue queue = open(directory, losses)) {
      for (int i = 0; i < 2000; i++) {
        queue.offer(request(i, 1000));
      }
      queue.peek(Duration.ZERO);
      assertThat(segments(directory)).hasSizeGreaterThan(10);
      assertThat(openFiles()).as("lock, head and tail").hasSizeLessThanOrEqualTo(3);
    }
    assertThat(openFiles()).isEmpty();
  }

  @Test
  void anInterruptedProducerDoesNotHarmTheQueue() throws Exception {
    try (DiskQueue queue = open(directory, losses)) {
      Thread.currentThread().interrupt();
      queue.offer(request(0, 1000));
      assertThat(Thread.interrupted()).isTrue();
      queue.offer(request(1, 1000));
      assertThat(drain(queue)).containsExactly(0, 1);
    }
  }

  @Test
  void aSegmentThatSomebodyDeletedIsCountedAsDamage() throws Exception {
    fill(directory, 300, 1000);
    Path second = segments(directory).get(1);
    try (DiskQueue queue = open(directory, losses)) {
      Files.delete(second);
      List<Integer> numbers = drain(queue);
      assertThat(numbers).hasSizeBetween(200, 299).endsWith(299);
      assertThat(losses.of(LossCause.EXPORT_QUEUE_DAMAGED))
          .isEqualTo(itemsOfFirst(300) - DiskQueues.items(numbers));
      queue.offer(request(300, 1000));
      assertThat(drain(queue)).containsExactly(300);
    }
  }

  private List<Path> openFiles() throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors
          .filter(Files::isSymbolicLink)
          .map(DiskQueueTest::target)
          .filter(target -> target.startsWith(directory.toAbsolutePath()))
          .toList();
    }
  }

  private static Path target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor);
    } catch (IOException e) { // the one that the listing itself uses
      return descriptor;
    }
  }

  private static List<Integer> numbers(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }
}
