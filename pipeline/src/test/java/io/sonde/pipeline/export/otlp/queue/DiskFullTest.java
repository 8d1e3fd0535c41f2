package io.sonde.pipeline.export.otlp.queue;

import static io.sonde.pipeline.export.otlp.queue.DiskQueues.drain;
import static io.sonde.pipeline.export.otlp.queue.DiskQueues.items;
import static io.sonde.pipeline.export.otlp.queue.Requests.itemsOfFirst;
import static io.sonde.pipeline.export.otlp.queue.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.export.otlp.request.Signal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a real file system of 2 MiB, which is full long before the queue is. */
class DiskFullTest {
  private static final int BODY = 64 << 10;
  private static final long CAPACITY = 64L << 20;

  @TempDir Path parent;
  private Path disk;
  private boolean mounted;
  private final Losses losses = new Losses();

  @BeforeEach
  void mountASmallDisk() throws Exception {
    assumeTrue(DiskQueueStartTest.isRoot(), "only root can mount a small disk: not tested");
    disk = Files.createDirectory(parent.resolve("disk"));
    run("mount", "-t", "tmpfs", "-o", "size=2m,mode=0700", "tmpfs", disk.toString());
    mounted = true;
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      run("umount", disk.toString());
    }
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s: %s", String.join(" ", command), said).isZero();
  }

  @Test
  void keepsInMemoryWhatAFullDiskDoesNotTakeAndWritesItWhenThereIsSpaceAgain() throws Exception {
    int[] offered = {0};
    try (LoggedMessages log = new LoggedMessages(DiskQueue.class)) {
      try (DiskQueue queue = open()) {
        for (; offered[0] < 100; offered[0]++) { // 6.4 MB
          queue.offer(request(offered[0], BODY));
        }
        assertThat(log.messages())
            .singleElement()
            .asString()
            .contains(disk.toString(), "No space left", "wait in memory", "make space");
        assertThat(queue.requests()).isEqualTo(100);

        run("mount", "-o", "remount,size=64m", disk.toString());
        await()
            .atMost(Duration.ofSeconds(20))
            .until(
                () -> {
                  queue.offer(request(offered[0]++, BODY));
                  return log.messages().size() > 1;
                });
        assertThat(log.messages().get(1)).contains("can be written again");
      }
    }
    assertThat(losses.total()).isZero();
    try (DiskQueue queue = open()) {
      assertThat(queue.recovered()).isEqualTo(itemsOfFirst(offered[0]));
      assertThat(drain(queue)).isEqualTo(IntStream.range(0, offered[0]).boxed().toList());
    }
  }

  @Test
  void countsWhatExceedsTheMemoryAndRecoversWhenTheEndpointTakesTheBacklog() throws Exception {
    int offered = 400; // 26 MB
    List<Integer> taken;
    try (LoggedMessages log = new LoggedMessages(DiskQueue.class);
        DiskQueue queue = open()) {
      for (int i = 0; i < offered; i++) {
        queue.offer(request(i, BODY));
      }
      assertThat(log.messages()).as("once, not for each request").hasSize(1);
      assertThat(queue.items() + losses.of(LossCause.EXPORT_QUEUE_FULL))
          .isEqualTo(itemsOfFirst(offered));
      taken = new ArrayList<>(drain(queue));
      assertThat(taken).isSorted().doesNotHaveDuplicates().startsWith(0).endsWith(offered - 1);
      assertThat(items(taken) + losses.total()).isEqualTo(itemsOfFirst(offered));

      int[] next = {offered};
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> {
                queue.offer(request(next[0]++, 10));
                return log.messages().size() > 1;
              });
    }
  }

  @Test
  void whatTheDiskDoesNotTakeAtTheEndIsCountedAsLost() throws Exception {
    int offered = 100;
    try (DiskQueue queue = open()) {
      for (int i = 0; i < offered; i++) {
        queue.offer(request(i, BODY));
      }
    }
    long lost = losses.of(LossCause.EXPORT_SHUTDOWN);
    assertThat(lost).isPositive().isEqualTo(losses.total());
    try (DiskQueue queue = open()) {
      List<Integer> left = drain(queue);
      assertThat(left).isEqualTo(IntStream.range(0, left.size()).boxed().toList()).isNotEmpty();
      assertThat(items(left) + lost).isEqualTo(itemsOfFirst(offered));
      assertThat(losses.total()).isEqualTo(lost);
    }
  }

  @Test
  void aDiskThatIsMountedReadOnlyIsRefusedAtTheStart() throws Exception {
    run("mount", "-o", "remount,ro", disk.toString());
    assertThatThrownBy(() -> open().close())
        .isInstanceOf(QueueOpenException.class)
        .hasMessageContainingAll(disk.toString(), "not writable", "mounted read-only");
  }

  private DiskQueue open() throws QueueOpenException {
    return DiskQueue.open(disk, Signal.TRACES, CAPACITY, losses);
  }
}
