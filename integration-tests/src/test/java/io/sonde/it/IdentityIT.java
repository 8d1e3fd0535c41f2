package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A service is called what people call it, and its language is known,")
class IdentityIT {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "NGINX, nginx, ''",
    "NODE, node-server, nodejs",
    "PYTHON, python-server, python",
    "GO, go-server, go",
    "JAVA, JdkServer, java",
    "JETTY, JettyServer, java",
    "PUMA, shop, ruby",
    "PHP, router, php",
    "RUST, rust-server, rust",
    "CPP, cpp-server, cpp",
  })
  void whenItWasThereBefore(WebServer.Kind kind, String name, String language) throws IOException {
    Path shop = Files.createDirectory(folder.resolve("shop"));
    try (WebServer server = WebServer.start(kind, shop);
        Sonde sonde = Sonde.observingPorts(folder, server.port())) {
      Http.curl(folder, server.url("/"));

      assertThat(sonde.awaitTraces(1, trace -> true))
          .singleElement()
          .returns(name, Trace::service)
          .returns(language, Trace::language);
    }
  }

  /** Then it is looked at while it starts, before it has loaded its runtime or set its title. */
  @ParameterizedTest
  @CsvSource({
    "PUMA, '*/ruby*', shop, ruby",
    "JETTY, '*/java', JettyServer, java",
    "RUST, '*/rust-server', rust-server, rust",
    "CPP, '*/cpp-server', cpp-server, cpp",
  })
  void whenItIsStartedLater(WebServer.Kind kind, String executable, String name, String language)
      throws IOException {
    Path shop = Files.createDirectory(folder.resolve("shop"));
    try (Sonde sonde = Sonde.start(folder, Map.of("BEYLA_AUTO_TARGET_EXE", executable));
        WebServer server = WebServer.start(kind, shop)) {
      Http.curl(folder, server.url("/"));

      assertThat(sonde.awaitTraces(1, trace -> trace.serverPort() == server.port()))
          .singleElement()
          .returns(name, Trace::service)
          .returns(language, Trace::language);
    }
  }

  /** A program of the JDK that is not called java. */
  @Test
  void whenALauncherStartsIt() {
    assumeTrue(Jdk.newer().isPresent(), "skipped: JDK 17 has no jwebserver, and there is no newer");
    String jwebserver = Jdk.newer().get().resolve("bin/jwebserver").toString();
    int port = Ports.free();
    List<String> command = List.of(jwebserver, "-p", port + "", "-d", folder.toString());
    try (Sonde sonde = Sonde.start(folder, Map.of("BEYLA_AUTO_TARGET_EXE", "*/jwebserver"));
        Program server = Program.start("jwebserver", folder, command)) {
      Http.awaitListening("127.0.0.1", port);
      Http.curl(folder, "http://127.0.0.1:" + port + "/nothing");

      assertThat(sonde.awaitTraces(1, trace -> trace.path().equals("/nothing")))
          .singleElement()
          .returns("jwebserver", Trace::service)
          .returns("java", Trace::language)
          .returns(404, Trace::status);
      assertThat(server.isAlive()).isTrue();
    }
  }

  /** What it answers is FastCGI: the request is nginx's, once. */
  @Test
  void whenPhpAnswersBehindIt() throws IOException {
    try (PhpFpm php = PhpFpm.start(folder);
        WebServer nginx = WebServer.nginxBeforePhp(php, folder);
        Sonde sonde = Sonde.observingPorts(folder, nginx.port(), php.port())) {
      assertThat(Http.curl(folder, nginx.url("/php/bytes?n=23"))).hasSize(23);
      Http.curl(folder, nginx.url("/php/status/404"));

      List<Trace> traces = sonde.awaitTraces(2, trace -> true);
      assertThat(traces).allMatch(trace -> trace.service().equals("nginx"));
      assertThat(traces.stream().map(Trace::asAccessLine))
          .containsExactlyInAnyOrderElementsOf(nginx.accessLog());
    }
  }
}
