package io.sonde.pipeline.export.otlp.queue;

import static io.sonde.pipeline.export.otlp.queue.DiskQueues.drain;
import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.pipeline.export.otlp.request.Signal;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With a second process. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class DiskQueueProcessTest {
  @TempDir Path parent;

  @Test
  void aKillLosesNothingThatWasAcceptedAndRepeatsAtMostWhatWasInFlight() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Path directory = parent.resolve("queue");
    int next = 0;
    for (int round = 0; round < 5; round++) {
      int offered = -1;
      int removed = -1;
      Process process = QueueProcess.start(directory, next);
      try (BufferedReader lines = process.inputReader(StandardCharsets.US_ASCII)) {
        int killAfter = 50 + random.nextInt(150);
        int seen = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          int number = Integer.parseInt(line.substring("offered ".length()));
          offered = line.startsWith("offered") ? number : offered;
          removed = line.startsWith("removed") ? number : removed;
          if (++seen == killAfter) {
            process.toHandle().destroyForcibly(); // SIGKILL; what it said before is still read
          }
        }
      } finally {
        process.destroyForcibly();
      }
      assertThat(process.waitFor()).isEqualTo(128 + 9);
      String what = String.format("seed %d, round %d", seed, round);
      Losses losses = new Losses();
      try (DiskQueue queue =
          DiskQueue.open(directory, Signal.TRACES, QueueProcess.CAPACITY, losses)) {
        List<Integer> left = drain(queue);
        assertThat(left.get(0)).as(what).isBetween(removed + 1, removed + 2);
        int last = left.get(left.size() - 1);
        assertThat(last).as(what).isBetween(offered, offered + 1);
        assertThat(left)
            .as(what)
            .isEqualTo(IntStream.rangeClosed(left.get(0), last).boxed().toList());
        assertThat(losses.total())
            .as("%s: no more than the one that was being written", what)
            .isBetween(0L, (long) Requests.items(last + 1));
        assertThat(queue.recovered()).as(what).isEqualTo(DiskQueues.items(left) + losses.total());
      }
      next = offered + 2;
    }
  }

  @Test
  void aSecondProcessIsRefusedWithWhatToDo() throws Exception {
    try (DiskQueue queue =
        DiskQueue.open(parent, Signal.TRACES, QueueProcess.CAPACITY, new Losses())) {
      Process second = QueueProcess.start(parent, 0);
      String said = new String(second.getErrorStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(second.waitFor()).isEqualTo(QueueProcess.REFUSED);
      assertThat(said).contains(parent.toString(), "another Sonde is using it", "stop that one");
      assertThat(queue.peek(Duration.ZERO)).isNull();
    }
  }
}
