package io.sonde.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** PHP-FPM with one pool, {@code shop}, that speaks FastCGI on a free port. */
final class PhpFpm implements AutoCloseable {
  private final Program program;
  private final int port;

  private PhpFpm(Program program, int port) {
    this.program = program;
    this.port = port;
  }

  static PhpFpm start(Path folder) throws IOException {
    int port = Ports.free();
    Path home = Files.createTempDirectory(folder, "php-fpm");
    String config =
        Files.readString(Path.of(Paths.server("php/fpm.conf")))
            .replace("@HOME@", home.toString())
            .replace("@PORT@", port + "");
    Path file = Files.writeString(home.resolve("fpm.conf"), config);
    Program program =
        Program.start(
            "php-fpm",
            folder,
            Map.of(),
            List.of("/bin/sh", "-c", "exec /usr/sbin/php-fpm* -R -y " + file));
    Http.awaitListening("127.0.0.1", port);
    return new PhpFpm(program, port);
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    program.close();
  }
}
