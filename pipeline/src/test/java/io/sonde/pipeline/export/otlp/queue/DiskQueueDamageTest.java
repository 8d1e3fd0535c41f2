package io.sonde.pipeline.export.otlp.queue;

import static io.sonde.pipeline.export.otlp.queue.DiskQueues.drain;
import static io.sonde.pipeline.export.otlp.queue.DiskQueues.fill;
import static io.sonde.pipeline.export.otlp.queue.DiskQueues.open;
import static io.sonde.pipeline.export.otlp.queue.DiskQueues.segments;
import static io.sonde.pipeline.export.otlp.queue.Requests.items;
import static io.sonde.pipeline.export.otlp.queue.Requests.itemsOfFirst;
import static io.sonde.pipeline.export.otlp.queue.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.export.otlp.request.OtlpRequest;
import io.sonde.pipeline.export.otlp.request.Signal;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskQueueDamageTest {
  @TempDir Path parent;
  private Path directory;
  private Losses losses = new Losses();

  @BeforeEach
  void nameTheDirectory() {
    directory = parent.resolve("queue");
  }

  @Test
  void aFileCutAtAnyByteLosesOnlyTheRequestThatIsCut() throws Exception {
    int body = 50;
    int record = RecordHeader.BYTES + body;
    fill(directory, 3, body);
    long size = Files.size(segments(directory).get(0));
    assertThat(size).isEqualTo(SegmentFile.HEADER_BYTES + 3L * record);
    for (int cut = 0; cut < size; cut++) {
      Path copy = parent.resolve("cut-" + cut);
      DiskQueues.copy(directory, copy);
      try (RandomAccessFile file = new RandomAccessFile(segments(copy).get(0).toFile(), "rw")) {
        file.setLength(cut);
      }
      int whole = Math.max(0, cut - SegmentFile.HEADER_BYTES) / record;
      int rest = Math.max(0, cut - SegmentFile.HEADER_BYTES) % record;
      int lost = rest == 0 ? 0 : rest < RecordHeader.BYTES ? 1 : items(whole);
      losses = new Losses();
      try (DiskQueue queue = open(copy, losses)) {
        queue.offer(request(7, body));
        List<Integer> expected = new ArrayList<>(IntStream.range(0, whole).boxed().toList());
        expected.add(7);
        assertThat(drain(queue)).as("cut at %d", cut).isEqualTo(expected);
        assertThat(queue.recovered()).as("cut at %d", cut).isEqualTo(itemsOfFirst(whole) + lost);
        assertThat(losses.of(LossCause.EXPORT_QUEUE_DAMAGED)).as("cut at %d", cut).isEqualTo(lost);
      }
    }
  }

  /** Where a record lies in the undamaged queue. */
  private record Layout(Path file, RecordHeader header, int number) {}

  @Test
  void aFlippedByteAnywhereLosesOnlyItsRequestAndTheCountIsExact() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int count = 60;
    int removed = 3;
    fill(directory, count, 5000);
    try (DiskQueue queue = open(directory, losses)) {
      for (int i = 0; i < removed; i++) {
        queue.peek(Duration.ZERO);
        queue.remove();
      }
    }
    List<Layout> layout = layout();
    assertThat(layout).hasSize(count);
    for (int round = 0; round < 250; round++) {
      Layout victim = layout.get(random.nextInt(count));
      long position = // headers as often as bodies
          victim.header().offset()
              + (random.nextBoolean()
                  ? random.nextInt(RecordHeader.BYTES)
                  : RecordHeader.BYTES + random.nextInt(victim.header().bodyBytes()));
      String what =
          String.format(
              "seed %d, round %d, byte %d of request %d",
              seed, round, position - victim.header().offset(), victim.number());
      Path copy = parent.resolve("flip-" + round);
      DiskQueues.copy(directory, copy);
      flip(copy.resolve(victim.file().getFileName()), position, 1 + random.nextInt(255));

      boolean state = position - victim.header().offset() < RecordHeader.MAGIC_OFFSET;
      boolean header = position < victim.header().bodyOffset();
      int missing = state || victim.number() < removed ? -1 : victim.number();
      losses = new Losses();
      try (DiskQueue queue = open(copy, losses)) {
        List<Integer> numbers = new ArrayList<>(drain(queue));
        if (state && victim.number() == removed - 1 || !header && victim.number() < removed) {
          numbers.removeIf(number -> number < removed); // once more is allowed, missing is not
        }
        assertThat(numbers)
            .as(what)
            .isEqualTo(IntStream.range(removed, count).filter(i -> i != missing).boxed().toList());
        if (victim.number() >= removed) {
          boolean unknown = header && victim.number() == count - 1;
          assertThat(losses.total())
              .as(what)
              .isEqualTo(missing < 0 ? 0 : unknown ? 1 : items(missing));
          assertThat(queue.recovered())
              .as(what)
              .isEqualTo(DiskQueues.items(numbers) + losses.total());
        }
      }
    }
  }

  private List<Layout> layout() throws Exception {
    List<Layout> layout = new ArrayList<>();
    for (Path path : segments(directory)) {
      SegmentFile file = SegmentFile.open(path, Place.START);
      RecordHeader record = SegmentReader.find(file, SegmentFile.HEADER_BYTES, Place.START);
      while (record != null) {
        layout.add(new Layout(path, record, layout.size()));
        record = SegmentReader.find(file, record.end(), record.placeAfter());
      }
      file.release();
    }
    return layout;
  }

  @Test
  void aSegmentWithADamagedHeaderIsSetAsideAndCountedExactly() throws Exception {
    fill(directory, 60, 5000);
    List<Layout> layout = layout();
    Path second = segments(directory).get(1);
    long inSecond =
        layout.stream()
            .filter(record -> record.file().equals(second))
            .mapToLong(record -> items(record.number()))
            .sum();
    flip(second, 15, 1);
    byte[] bytes = Files.readAllBytes(second);
    try (DiskQueue queue = open(directory, losses)) {
      List<Integer> numbers = drain(queue);
      assertThat(numbers).startsWith(0).endsWith(59);
      assertThat(losses.of(LossCause.EXPORT_QUEUE_DAMAGED)).isEqualTo(inSecond).isPositive();
      assertThat(DiskQueues.items(numbers) + inSecond).isEqualTo(itemsOfFirst(60));
    }
    assertThat(second.resolveSibling(second.getFileName() + ".set-aside")).hasBinaryContent(bytes);
  }

  @Test
  void aSegmentOfALaterVersionIsSetAsideWithAMessageAndTheQueueGoesOn() throws Exception {
    fill(directory, 2, 100);
    Path segment = segments(directory).get(0);
    try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
      file.seek(Long.BYTES);
      file.writeInt(SegmentFile.VERSION + 1);
    }
    byte[] bytes = Files.readAllBytes(segment);
    try (LoggedMessages log = new LoggedMessages(Recovery.class);
        DiskQueue queue = open(directory, losses)) {
      assertThat(log.messages())
          .singleElement()
          .asString()
          .contains(segment.toString(), "version 2", "reads version 1", ".set-aside");
      queue.offer(request(5, 100));
      assertThat(drain(queue)).containsExactly(5);
      assertThat(losses.of(LossCause.EXPORT_QUEUE_DAMAGED))
          .as("at least one request, since how many is not known")
          .isEqualTo(1)
          .isEqualTo(queue.recovered());
    }
    assertThat(segment.resolveSibling(segment.getFileName() + ".set-aside"))
        .hasBinaryContent(bytes);
  }

  @Test
  void zeroesAtTheEndAsAfterAPowerFailureAreCutOff() throws Exception {
    fill(directory, 2, 100);
    try (RandomAccessFile file = new RandomAccessFile(segments(directory).get(0).toFile(), "rw")) {
      file.setLength(file.length() + 200_000);
    }
    try (DiskQueue queue = open(directory, losses)) {
      queue.offer(request(2, 100));
    }
    try (DiskQueue queue = open(directory, losses)) {
      assertThat(drain(queue)).containsExactly(0, 1, 2);
      assertThat(losses.total()).isEqualTo(1);
    }
  }

  @Test
  void aBodyThatHoldsTheImageOfARecordIsNotMistakenForOne() throws Exception {
    OtlpRequest forged = request(1, 100);
    RecordHeader image = RecordHeader.of(forged, 0, Place.START.after(items(0)).after(2));
    byte[] hostile = new byte[1000];
    System.arraycopy(image.encode(0), 0, hostile, 100, RecordHeader.BYTES);
    System.arraycopy(forged.body(), 0, hostile, 100 + RecordHeader.BYTES, forged.body().length);
    try (DiskQueue queue = open(directory, losses)) {
      queue.offer(request(0, 100));
      queue.offer(new OtlpRequest(Signal.TRACES, 2, hostile));
      queue.offer(request(2, 100));
    }
    long second = SegmentFile.HEADER_BYTES + RecordHeader.BYTES + 100;
    flip(segments(directory).get(0), second + RecordHeader.MAGIC_OFFSET, 1);
    try (DiskQueue queue = open(directory, losses)) {
      assertThat(drain(queue)).containsExactly(0, 2);
      assertThat(losses.of(LossCause.EXPORT_QUEUE_DAMAGED)).isEqualTo(2);
    }
  }

  @Test
  void noiseInPlaceOfTheFilesEndsInACountAndAWorkingQueue() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 30; round++) {
      Path copy = parent.resolve("noise-" + round);
      fill(copy, 60, 5000);
      for (Path segment : segments(copy)) {
        byte[] bytes = Files.readAllBytes(segment);
        int from = random.nextInt(bytes.length);
        byte[] noise = new byte[random.nextInt(bytes.length - from)];
        random.nextBytes(noise);
        System.arraycopy(noise, 0, bytes, from, noise.length);
        Files.write(segment, Arrays.copyOf(bytes, bytes.length - random.nextInt(3) * 1000));
      }
      losses = new Losses();
      try (DiskQueue queue = open(copy, losses)) {
        List<Integer> numbers = drain(queue);
        assertThat(numbers).as("seed %d, round %d", seed, round).isSorted().doesNotHaveDuplicates();
        assertThat(queue.recovered())
            .as("seed %d, round %d", seed, round)
            .isEqualTo(DiskQueues.items(numbers) + losses.of(LossCause.EXPORT_QUEUE_DAMAGED));
        queue.offer(request(99, 100));
        assertThat(drain(queue)).containsExactly(99);
      }
    }
  }

  private static void flip(Path path, long position, int bits) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(position);
      int before = file.read();
      file.seek(position);
      file.write(before ^ bits);
    }
  }
}
