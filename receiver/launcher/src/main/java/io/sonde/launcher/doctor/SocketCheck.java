package io.sonde.launcher.doctor;

import io.sonde.contract.doctor.Finding;
import io.sonde.server.SocketFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The place where the two halves meet. */
final class SocketCheck {
  private static final String CHECK = "socket";
  private static final String NOT_CONNECTED = "captures do not find a receiver";

  /** bin/sonde run makes it, and gives it to the receiver's user. */
  private static final Path OF_SCRIPT = Path.of("/run/sonde");

  private SocketCheck() {}

  static Finding look(Path socket) {
    try {
      return switch (SocketFile.occupant(socket)) {
        case LISTENER -> Finding.ok(CHECK, "a receiver listens on " + socket);
        case LEFTOVER ->
            Finding.degraded(
                CHECK,
                "nobody listens on " + socket + ": a receiver that was killed left it",
                NOT_CONNECTED,
                "start the receiver: it replaces the file");
        case NO_SOCKET ->
            Finding.failed(
                CHECK,
                socket + " is not a socket",
                "the receiver refuses to start",
                "remove it, or set receiver.socket (SONDE_SOCKET) to another path");
        case NOTHING -> directory(socket.getParent());
      };
    } catch (IOException e) {
      return Finding.couldNotTell(
          CHECK,
          "%s may not connect to %s (%s)"
              .formatted(System.getProperty("user.name"), socket, e.getMessage()),
          "look as root, or as a user of the receiver's group");
    }
  }

  private static Finding directory(Path directory) {
    Path nearest = directory;
    while (Files.notExists(nearest)) {
      nearest = nearest.getParent();
    }
    if (Files.isWritable(nearest) || Files.notExists(directory) && directory.equals(OF_SCRIPT)) {
      return Finding.ok(CHECK, "no receiver runs; its socket can be made in " + directory);
    }
    return Finding.couldNotTell(
        CHECK,
        "no receiver runs, and %s may not make a socket in %s"
            .formatted(System.getProperty("user.name"), directory),
        "let the receiver's user own that directory; sonde run sees to that for /run/sonde");
  }
}
