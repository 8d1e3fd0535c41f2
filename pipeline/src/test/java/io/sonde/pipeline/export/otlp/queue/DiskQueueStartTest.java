package io.sonde.pipeline.export.otlp.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a directory must be, and what is said when it is not. */
class DiskQueueStartTest {
  private static final int NOBODY = 65534;

  @TempDir Path parent;

  @Test
  void makesADirectoryAndFilesThatOnlyItsUserCanRead() throws Exception {
    Path directory = parent.resolve("a/b/queue");
    try (DiskQueue queue = DiskQueues.open(directory, new Losses())) {
      queue.offer(Requests.request(0, 10));
      assertThat(permissions(directory)).isEqualTo("rwx------");
      assertThat(permissions(DiskQueues.segments(directory).get(0))).isEqualTo("rw-------");
      assertThat(permissions(directory.resolve("queue.lock"))).isEqualTo("rw-------");
    }
  }

  private static String permissions(Path path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void refusesAFile() throws Exception {
    Path file = Files.createFile(parent.resolve("file"));
    assertThatThrownBy(opening(file))
        .isInstanceOf(QueueOpenException.class)
        .hasMessageContainingAll(file.toString(), "not a directory", "choose another");
  }

  @Test
  void refusesADirectoryBelowAFile() throws Exception {
    Path below = Files.createFile(parent.resolve("file")).resolve("queue");
    assertThatThrownBy(opening(below))
        .isInstanceOf(QueueOpenException.class)
        .hasMessageContainingAll(below.toString(), "make it a directory that Sonde's user owns");
  }

  @Test
  void refusesADirectoryInWhichOthersMayWrite() throws Exception {
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThatThrownBy(opening(parent))
        .isInstanceOf(QueueOpenException.class)
        .hasMessageContainingAll("other users may write", "chmod 0700 " + parent);
  }

  @Test
  void refusesADirectoryOfSomebodyElse() throws Exception {
    assumeTrue(isRoot(), "only root can give a directory away: not tested");
    Files.setAttribute(parent, "unix:uid", NOBODY);
    assertThatThrownBy(opening(parent))
        .isInstanceOf(QueueOpenException.class)
        .hasMessageContainingAll("belongs to user 65534", "runs as user 0", "chown 0 " + parent);
  }

  static boolean isRoot() throws Exception {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
  }

  @Test
  void refusesTheDirectoryOfAnotherQueueUntilThatIsClosed() throws Exception {
    try (DiskQueue queue = DiskQueues.open(parent, new Losses())) {
      assertThatThrownBy(opening(parent))
          .isInstanceOf(QueueOpenException.class)
          .hasMessageContaining("another Sonde is using it");
      queue.offer(Requests.request(0, 10));
    }
    try (DiskQueue queue = DiskQueues.open(parent, new Losses())) {
      assertThat(DiskQueues.drain(queue)).containsExactly(0);
    }
  }

  private static ThrowingCallable opening(Path directory) {
    return () -> DiskQueues.open(directory, new Losses()).close();
  }
}
