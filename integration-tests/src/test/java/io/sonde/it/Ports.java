package io.sonde.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports nobody listens on. Below the range the kernel takes client ports from, so that no
 * connection of a test can take one between asking for it here and listening on it.
 */
final class Ports {
  private static final int FIRST = 15_000;
  private static final int LAST = 32_000;

  private Ports() {}

  static int free() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
      try (ServerSocket socket = new ServerSocket()) {
        socket.bind(new InetSocketAddress((InetAddress) null, port));
        return port;
      } catch (IOException taken) {
        continue; // the next one may be free
      }
    }
  }
}
