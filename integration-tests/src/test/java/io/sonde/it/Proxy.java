package io.sonde.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/** A real proxy on a free port that hands everything on to one upstream. */
final class Proxy implements AutoCloseable {
  enum Kind {
    APACHE("apache2"),
    HAPROXY("haproxy"),
    CADDY("caddy");

    private final String service;

    Kind(String service) {
      this.service = service;
    }

    /** As its process is named. */
    String service() {
      return service;
    }
  }

  private final Program program;
  private final int port;
  private final int forwardPort;

  private Proxy(Program program, int port, int forwardPort) {
    this.program = program;
    this.port = port;
    this.forwardPort = forwardPort;
  }

  static Proxy start(Kind kind, Path folder, int upstream) {
    int port = Ports.free();
    int forward = Ports.free();
    try {
      Path home = Files.createTempDirectory(folder, "proxy");
      // Some of them change to another user.
      Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwxrwx"));
      Map<String, String> filled =
          Map.of(
              "@HOME@", home.toString(),
              "@PORT@", Integer.toString(port),
              "@FORWARD@", Integer.toString(forward),
              "@UPSTREAM@", Integer.toString(upstream));
      Path file = home.resolve("configuration");
      List<String> command =
          switch (kind) {
            case APACHE -> {
              Paths.filled("apache-proxy.conf", filled, file);
              yield List.of("/usr/sbin/apache2", "-D", "FOREGROUND", "-f", file.toString());
            }
            case HAPROXY -> {
              Paths.filled("haproxy.cfg", filled, file);
              yield List.of("/usr/sbin/haproxy", "-db", "-f", file.toString());
            }
            case CADDY -> {
              Paths.filled("Caddyfile", filled, file);
              yield List.of(
                  "/usr/bin/caddy", "run", "--adapter", "caddyfile", "--config", file.toString());
            }
          };
      Program program = Program.start(kind.service(), folder, command);
      Http.awaitListening("127.0.0.1", port);
      return new Proxy(program, port, forward);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return port;
  }

  /** Apache's only: where it hands on to whom it is asked to, by CONNECT only to the upstream. */
  int forwardPort() {
    return forwardPort;
  }

  String url(String path) {
    return "http://127.0.0.1:" + port + path;
  }

  @Override
  public void close() {
    program.close();
  }
}
