package io.sonde.probes.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sonde.probes.elf.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PinnedFileTest {
  @TempDir Path folder;

  @Test
  void itStaysTheSameFileWhenItsPathLeadsToAnother() throws IOException {
    Path path = Files.writeString(folder.resolve("file"), "one");
    try (PinnedFile file = PinnedFile.open(path)) {
      Path other = Files.writeString(folder.resolve("other"), "two");
      Files.move(other, path, StandardCopyOption.REPLACE_EXISTING);

      assertThat(file.path()).hasContent("one");
    }
  }

  @Test
  void noLinkLeadsOutOfTheRoot() throws IOException {
    Path root = Files.createDirectories(folder.resolve("root/etc")).getParent();
    Files.writeString(root.resolve("etc/hostname"), "of the container");
    Files.createSymbolicLink(root.resolve("absolute"), Path.of("/etc/hostname"));
    Files.createSymbolicLink(root.resolve("upwards"), Path.of("../../../../../etc/hostname"));
    for (String link : new String[] {"/absolute", "/upwards", "/etc/../../etc/hostname"}) {
      try (PinnedFile file = PinnedFile.openIn(root, link)) {
        assertThat(file.path()).as(link).hasContent("of the container");
      }
    }
  }

  @Test
  void whatIsNoRegularFileIsRefusedAtOnce() throws Exception {
    Path pipe = folder.resolve("pipe");
    Run.output("mkfifo", pipe.toString());
    for (Path path : new Path[] {pipe, folder, Path.of("/dev/zero")}) {
      Assertions.assertTimeoutPreemptively(
          Duration.ofSeconds(5),
          () ->
              assertThatThrownBy(() -> PinnedFile.open(path))
                  .isInstanceOf(IOException.class)
                  .hasMessageContaining("no regular file"));
    }
  }

  @Test
  void aMissingFileIsToldFromOneThatCannotBeOpened() {
    assertThatThrownBy(() -> PinnedFile.openIn(folder, "/nothing"))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> PinnedFile.open(folder.resolve("nothing")))
        .isInstanceOf(NoSuchFileException.class);
  }
}
