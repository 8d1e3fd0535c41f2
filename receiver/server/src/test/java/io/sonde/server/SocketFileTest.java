package io.sonde.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketFileTest {
  @TempDir Path dir;

  @Test
  void theSocketIsPublishedWithItsModeAndNothingIsLeftAfterRemoval() throws Exception {
    Path socket = dir.resolve("made/sonde.sock");
    SocketFile file = SocketFile.claim(socket);
    listenOn(file.bindPath()).close();
    assertThat(socket).doesNotExist();
    file.publish();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
        .isEqualTo("rw-rw----");
    assertThat(names(socket.getParent())).containsExactly("sonde.sock");
    file.close();
    assertThat(names(socket.getParent())).isEmpty();
  }

  @Test
  void aSocketNobodyListensOnIsReplaced() throws Exception {
    Path socket = dir.resolve("s");
    listenOn(socket).close();
    assertThat(socket).exists();

    SocketFile file = SocketFile.claim(socket);
    listenOn(file.bindPath()).close();
    file.publish();
    file.close();
    assertThat(socket).doesNotExist();
  }

  @Test
  void aSocketSomebodyListensOnIsLeftAlone() throws Exception {
    Path socket = dir.resolve("s");
    try (ServerSocketChannel listener = listenOn(socket)) {
      assertThat(listener.isOpen()).isTrue();
      assertThatThrownBy(() -> SocketFile.claim(socket))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("Another receiver listens on " + socket);
    }
  }

  @Test
  void aFileThatIsNotASocketIsLeftAlone() throws Exception {
    Path file = Files.writeString(dir.resolve("precious"), "data");
    assertThatThrownBy(() -> SocketFile.claim(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("exists and is not a socket");
    assertThat(file).hasContent("data");
  }

  @Test
  void aSocketPublishedByAnotherSinceIsNotRemoved() throws Exception {
    Path socket = dir.resolve("s");
    SocketFile file = SocketFile.claim(socket);
    listenOn(file.bindPath()).close();
    file.publish();
    Path others = Files.createFile(dir.resolve("others"));
    Files.move(others, socket, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    file.close();
    assertThat(socket).exists();
  }

  @Test
  void aPathTooLongForTheKernelIsRefusedInWords() {
    Path socket = dir.resolve("x".repeat(120)).resolve("s");
    assertThatThrownBy(() -> SocketFile.claim(socket))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("too long for the kernel");
  }

  @Test
  void aDirectoryThatEverybodyMayReplaceIsWarnedOf() throws Exception {
    Path open = Files.createDirectory(dir.resolve("open"));
    Path own = Files.createDirectory(open.resolve("own"));
    try (LogLines log = LogLines.of(SocketFile.class)) {
      SocketFile.claim(own.resolve("s")).close();
      assertThat(log.warnings()).isEmpty();
      Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
      SocketFile.claim(own.resolve("s")).close();
      assertThat(log.warnings())
          .singleElement()
          .asString()
          .startsWith(open.toRealPath() + " may be written to by every user");
    }
  }

  @Test
  void aLinkInPlaceOfTheSocketIsLeftAlone() throws Exception {
    Path target = dir.resolve("target");
    try (ServerSocketChannel listener = listenOn(target)) {
      assertThat(listener.isOpen()).isTrue();
      Path link = Files.createSymbolicLink(dir.resolve("s"), target);
      assertThatThrownBy(() -> SocketFile.claim(link))
          .hasMessageContaining("exists and is not a socket");
      assertThat(link).isSymbolicLink();
    }
  }

  private static ServerSocketChannel listenOn(Path path) throws IOException {
    return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(path));
  }

  private static Stream<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(f -> f.getFileName().toString()).toList().stream();
    }
  }
}
