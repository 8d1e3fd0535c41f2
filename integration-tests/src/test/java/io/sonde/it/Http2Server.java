package io.sonde.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Servers of HTTP/2 that log what they answered: {@code /}, {@code /status/CODE}, {@code /echo} and
 * something large.
 */
enum Http2Server {
  NGINX(false),
  NGINX_TLS(true),
  NODE(false),
  NODE_TLS(true),
  /** Of Go's own library. */
  GO(false),
  GO_TLS(true),
  /** Of golang.org/x/net: HTTP/1 until it is asked to upgrade. */
  GO_UPGRADING(false),
  /** In Python; upgrades as well. */
  HYPERCORN(false);

  /** A port nothing listens on. */
  private static final String NOBODY = "1";

  private final boolean tls;

  Http2Server(boolean tls) {
    this.tls = tls;
  }

  boolean tls() {
    return tls;
  }

  /** Whether {@code POST /echo} is answered with what was sent. */
  boolean echoes() {
    return this != NGINX && this != NGINX_TLS;
  }

  /** What is answered with 3,000,000 bytes. */
  String large() {
    return echoes() ? "/bytes?n=3000000" : "/large";
  }

  /** The options by which curl speaks HTTP/2 with it, not beginning with HTTP/1. */
  String[] curl(Certificate certificate) {
    return tls
        ? new String[] {"--http2", "--cacert", certificate.file().toString()}
        : new String[] {"--http2-prior-knowledge"};
  }

  WebServer start(Certificate certificate, Path folder) {
    int port = Ports.free();
    String address = "127.0.0.1:" + port;
    List<String> secure =
        tls ? List.of(certificate.file().toString(), certificate.key().toString()) : List.of();
    return switch (this) {
      case NGINX -> nginx(folder, port, Map.of());
      case NGINX_TLS -> nginx(folder, port, secured(certificate));
      case NODE, NODE_TLS -> {
        List<String> command = new ArrayList<>(List.of("node", program("http2-node.js")));
        command.addAll(List.of("server", address));
        command.addAll(secure);
        yield started(folder, port, Map.of(), "listening on", command);
      }
      case GO -> started(folder, port, Map.of(), "listening on", List.of(go(), "server", address));
      case GO_UPGRADING ->
          started(folder, port, Map.of(), "listening on", List.of(go(), "upgrading", address));
      case GO_TLS -> TlsServer.example(certificate, folder, port, GoPrograms.build("go-server"));
      case HYPERCORN -> hypercorn(folder, port, address);
    };
  }

  /** nginx that hands on what is asked under /other/, or by gRPC, to that port. */
  static WebServer nginxBefore(int upstream, Path folder) {
    return nginx(folder, Ports.free(), Map.of("@UPSTREAM@", Integer.toString(upstream)));
  }

  /** The same with TLS, also to those that it hands calls of gRPC on to. */
  static WebServer nginxBefore(int upstream, Certificate certificate, Path folder) {
    Map<String, String> filled = new HashMap<>(secured(certificate));
    filled.put("@UPSTREAM@", Integer.toString(upstream));
    filled.put("@GRPC@", "grpcs");
    return nginx(folder, Ports.free(), filled);
  }

  private static Map<String, String> secured(Certificate certificate) {
    String files =
        "ssl_certificate %s; ssl_certificate_key %s;"
            .formatted(certificate.file(), certificate.key());
    return Map.of("@TLS@", " ssl", "@CERTIFICATE@", files);
  }

  static String go() {
    return Framework.installed("../http2/http2-go").resolve("http2-go").toString();
  }

  static Path python() {
    return Framework.installed("../http2/http2-python");
  }

  /** One of the programs that need nothing but their interpreter. */
  static String program(String name) {
    return Paths.root().resolve("integration-tests/http2").resolve(name).toString();
  }

  private WebServer hypercorn(Path folder, int port, String address) {
    Path packages = python().resolve("packages");
    String app = Paths.root().resolve("integration-tests/tls").toString();
    return started(
        folder,
        port,
        Map.of("PYTHONPATH", packages + ":" + app, "PYTHONDONTWRITEBYTECODE", "1"),
        "Running on",
        List.of(packages.resolve("bin/hypercorn").toString(), "--bind", address, "asgi_app:app"));
  }

  private WebServer started(
      Path folder, int port, Map<String, String> environment, String ready, List<String> command) {
    Program program =
        Program.start(
            Path.of(command.get(0)).getFileName().toString(), folder, environment, command);
    program.awaitLine(ready);
    return new WebServer(program, tls ? "https" : "http", port, program::output);
  }

  private static WebServer nginx(Path folder, int port, Map<String, String> more) {
    try {
      Path home = Files.createTempDirectory(folder, "nginx");
      Path pages = Files.createDirectories(home.resolve("pages"));
      Files.writeString(pages.resolve("index.html"), "hello from nginx\n");
      Files.write(pages.resolve("large"), new byte[3_000_000]);
      Path access = home.resolve("access.log");
      Map<String, String> filled = new HashMap<>();
      filled.put("@HOME@", home.toString());
      filled.put("@ADDRESS@", "127.0.0.1:" + port);
      filled.put("@TLS@", "");
      filled.put("@CERTIFICATE@", "");
      filled.put("@UPSTREAM@", NOBODY);
      filled.put("@GRPC@", "grpc");
      filled.putAll(more);
      Path file = Paths.filled("nginx-http2.conf", filled, home.resolve("nginx.conf"));
      List<String> command = new ArrayList<>(List.of("/usr/sbin/nginx", "-c", file.toString()));
      command.addAll(List.of("-p", home.toString(), "-e", home.resolve("error.log").toString()));
      Program program = Program.start("nginx", folder, command);
      Http.awaitListening("127.0.0.1", port);
      return new WebServer(
          program, more.containsKey("@CERTIFICATE@") ? "https" : "http", port, () -> read(access));
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
