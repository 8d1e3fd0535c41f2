package io.sonde.pipeline.export.otlp.transport;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;

/** A socket file that nobody listens on any more, as a killed program leaves it. */
final class StaleSocket {
  private StaleSocket() {}

  static Path in(Path dir) throws IOException {
    Path socket = dir.resolve("stale.sock");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket)); // closing it leaves the file
    }
    return socket;
  }
}
