package io.sonde.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A real web server, listening on a free port, that logs what it answered. */
final class WebServer implements AutoCloseable {
  /**
   * The servers that tests of HTTP are run against; tests of what is below HTTP are run against
   * those up to {@code GO}. All but the first answer what examples/python-server does, those from
   * {@code PHP} on without {@code call}.
   */
  enum Kind {
    NGINX,
    NODE,
    PYTHON,
    GO,
    /** The JDK's own server, a pool of platform threads. */
    JAVA,
    /** Virtual threads, where there is a JDK that has them. */
    JETTY,
    PUMA,
    /** PHP's own server: closes after each answer. */
    PHP,
    RUST,
    CPP
  }

  /** A port nothing listens on. */
  private static final String NOBODY = "1";

  private final Program program;
  private final String scheme;
  private final int port;
  private final Supplier<String> log;

  /**
   * @param log what it has printed so far, {@code access} lines and others
   */
  WebServer(Program program, String scheme, int port, Supplier<String> log) {
    this.program = program;
    this.scheme = scheme;
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
      case NGINX -> nginx(folder, host, port, Map.of());
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
      case JAVA -> java(folder, port, Jdk.own(), "JdkServer", address);
      case JETTY -> java(folder, port, Jdk.newer().orElse(Jdk.own()), "JettyServer", address);
      case PUMA -> puma(folder, port, address);
      case PHP -> php(folder, port, address);
      case RUST -> example(folder, port, NativePrograms.rustServer(), address);
      case CPP -> example(folder, port, NativePrograms.cppServer(), address);
    };
  }

  static WebServer start(Framework framework, Path folder) {
    int port = Ports.free();
    Program program = framework.start(folder, "127.0.0.1:" + port);
    return new WebServer(program, "http", port, program::output);
  }

  private static WebServer java(Path folder, int port, Path jdk, String main, String address) {
    return example(
        folder,
        port,
        Jdk.java(jdk),
        "-cp",
        System.getProperty("java.class.path"),
        "org.example.servers." + main,
        address);
  }

  private static WebServer puma(Path folder, int port, String address) {
    return started(
        folder,
        port,
        "Listening on",
        List.of("/usr/bin/puma", "--bind", "tcp://" + address, Paths.server("puma/config.ru")));
  }

  private static WebServer php(Path folder, int port, String address) {
    return started(
        folder,
        port,
        "Development Server .* started",
        List.of("/usr/bin/php", "-q", "-S", address, Paths.server("php/router.php")));
  }

  /**
   * nginx, handing on over connections it keeps: to a server without TLS what is asked under
   * /other/, to one with TLS what is asked under /secured/.
   */
  static WebServer nginxBefore(WebServer other, Path folder) {
    int port = Ports.free();
    return nginx(folder, "127.0.0.1", port, Map.of("@UPSTREAM@", other.port() + ""));
  }

  /** nginx, handing on what is asked under /php/. */
  static WebServer nginxBeforePhp(PhpFpm php, Path folder) {
    int port = Ports.free();
    return nginx(folder, "127.0.0.1", port, Map.of("@FASTCGI@", php.port() + ""));
  }

  static WebServer nginxWithTls(Certificate certificate, Path folder, int port) {
    String tls =
        (" ssl; ssl_certificate %s; ssl_certificate_key %s;"
                + " ssl_session_cache shared:all:1m; ssl_protocols TLSv1.2 TLSv1.3")
            .formatted(certificate.file(), certificate.key());
    return nginx(folder, "127.0.0.1", port, Map.of("@TLS@", tls));
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
    return started(folder, port, "listening on", List.of(command));
  }

  /**
   * @param ready what it says on either stream once it listens; its access lines may be on either
   */
  private static WebServer started(Path folder, int port, String ready, List<String> command) {
    Program program =
        Program.start(Path.of(command.get(0)).getFileName().toString(), folder, command);
    program.awaitLine(ready);
    return new WebServer(
        program, "http", port, () -> Program.wholeLines(program.output()) + program.errors());
  }

  /**
   * @param more of what the configuration leaves open
   */
  private static WebServer nginx(Path folder, String host, int port, Map<String, String> more) {
    try {
      Path home = Files.createTempDirectory(folder, "nginx");
      Path pages = Files.createDirectories(home.resolve("pages"));
      Files.writeString(pages.resolve("index.html"), "hello from nginx\n");
      Files.write(pages.resolve("large"), new byte[3_000_000]);
      Path access = home.resolve("access.log");
      Map<String, String> filled = new HashMap<>();
      filled.put("@HOME@", home.toString());
      filled.put("@ADDRESS@", host + ":" + port);
      filled.put("@TLS@", "");
      filled.put("@UPSTREAM@", NOBODY);
      filled.put("@FASTCGI@", NOBODY);
      filled.put("@ROUTER@", Paths.server("php/router.php"));
      filled.putAll(more);
      Path file = Paths.filled("nginx.conf", filled, home.resolve("nginx.conf"));
      List<String> command = new ArrayList<>(List.of("/usr/sbin/nginx", "-c", file.toString()));
      command.addAll(List.of("-p", home.toString(), "-e", home.resolve("error.log").toString()));
      Program program = Program.start("nginx", folder, command);
      Http.awaitListening(host, port);
      return new WebServer(
          program,
          more.containsKey("@TLS@") ? "https" : "http",
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
    return scheme + "://127.0.0.1:" + port + path;
  }

  /** What it has printed so far, {@code access} lines and others. */
  String log() {
    return Program.wholeLines(log.get());
  }

  /** What it says it answered so far, in the order it finished. */
  List<AccessLine> accessLog() {
    return AccessLine.parse(log());
  }

  @Override
  public void close() {
    program.close();
  }
}
