package io.sonde.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** A real web server, listening on a free port, that logs what it answered. */
final class WebServer implements AutoCloseable {
  /** The servers every HTTP test is run against. */
  enum Kind {
    NGINX,
    NODE,
    PYTHON,
    GO
  }

  /** A port nothing listens on. */
  private static final int NOBODY = 1;

  private final Program program;
  private final int port;
  private final Supplier<String> log;

  private WebServer(Program program, int port, Supplier<String> log) {
    this.program = program;
    this.port = port;
    this.log = log;
  }

  static WebServer start(Kind kind, Path folder) {
    return start(kind, folder, "127.0.0.1", Ports.free());
  }

  /**
   * @param host an address, IPv6 in brackets
   */
  static WebServer start(Kind kind, Path folder, String host, int port) {
    String address = host + ":" + port;
    return switch (kind) {
      case NGINX -> nginx(folder, host, port, NOBODY);
      case NODE -> example(folder, port, "node", Paths.example("node-server/server.js"), address);
      case PYTHON ->
          example(
              folder,
              port,
              "/usr/bin/python3",
              Paths.example("python-server/server.py"),
              "--threads",
              address);
      case GO -> example(folder, port, GoPrograms.build("go-server"), address);
    };
  }

  static WebServer start(Framework framework, Path folder) {
    int port = Ports.free();
    Program program = framework.start(folder, "127.0.0.1:" + port);
    return new WebServer(program, port, program::output);
  }

  /** nginx, handing on what is asked under /other/ over connections it keeps. */
  static WebServer nginxBefore(WebServer other, Path folder) {
    int port = Ports.free();
    return nginx(folder, "127.0.0.1", port, other.port());
  }

  /** Answers one request at a time. */
  static WebServer singleThreadedPython(Path folder) {
    int port = Ports.free();
    return example(
        folder,
        port,
        "/usr/bin/python3",
        Paths.example("python-server/server.py"),
        "127.0.0.1:" + port);
  }

  private static WebServer example(Path folder, int port, String... command) {
    Program program =
        Program.start(Path.of(command[0]).getFileName().toString(), folder, List.of(command));
    program.awaitLine("listening on");
    return new WebServer(program, port, program::output);
  }

  private static WebServer nginx(Path folder, String host, int port, int upstream) {
    try {
      Path home = Files.createTempDirectory(folder, "nginx");
      Path pages = Files.createDirectories(home.resolve("pages"));
      Files.writeString(pages.resolve("index.html"), "hello from nginx\n");
      Files.write(pages.resolve("large"), new byte[3_000_000]);
      Path access = home.resolve("access.log");
      String config =
          Files.readString(Paths.resource("nginx.conf"))
              .replace("@HOME@", home.toString())
              .replace("@UPSTREAM@", Integer.toString(upstream))
              .replace("@ADDRESS@", host + ":" + port);
      Path file = Files.writeString(home.resolve("nginx.conf"), config);
      List<String> command = new ArrayList<>(List.of("/usr/sbin/nginx", "-c", file.toString()));
      command.addAll(List.of("-p", home.toString(), "-e", home.resolve("error.log").toString()));
      Program program = Program.start("nginx", folder, command);
      Http.awaitListening(host, port);
      return new WebServer(
          program,
          port,
          () -> {
            try {
              return Files.readString(access);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return port;
  }

  Program program() {
    return program;
  }

  String url(String path) {
    return "http://127.0.0.1:" + port + path;
  }

  /** What it says it answered so far, in the order it finished. */
  List<AccessLine> accessLog() {
    return AccessLine.parse(log.get());
  }

  @Override
  public void close() {
    program.close();
  }
}
