package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which file the library is in, for whom, and what becomes of it. */
@DisplayName("Requests over TLS are reported")
class TlsLibrariesIT {
  private static final Path LIBSSL = Path.of("/usr/lib/x86_64-linux-gnu/libssl.so.3");

  @TempDir Path folder;
  private Certificate certificate;

  @BeforeEach
  void makeCertificate() {
    ThisMachine.assumeItCanBeObserved();
    certificate = Certificate.make(folder);
  }

  @ParameterizedTest
  @EnumSource(names = {"NGINX", "NODE", "GO_STRIPPED"})
  void ofAServerThatIsStartedLaterAndStartedAgain(TlsServer kind) {
    int port = Ports.free();
    try (Sonde sonde = Sonde.observingPorts(folder, port)) {
      for (int life = 0; life < 3; life++) {
        try (WebServer server = kind.start(certificate, folder, port)) {
          sonde.awaitHooked(kind); // in its first life; then it is still
          get(server, "/life/" + life);
        }
      }

      assertThat(sonde.awaitTraces(3, trace -> true))
          .extracting(Trace::path)
          .containsExactly("/life/0", "/life/1", "/life/2");
    }
  }

  @Test
  void whenTheLibraryWasReplacedUnderTheRunningProgramBeforeSondeCameAndWhileItIsThere()
      throws IOException {
    Path library =
        Files.copy(LIBSSL, Files.createDirectory(folder.resolve("lib")).resolve("libssl.so.3"));
    int firstPort = Ports.free();
    int secondPort = Ports.free();
    int thirdPort = Ports.free();
    try (WebServer first = python(library, firstPort)) {
      replace(library);
      assertThat(maps(first)).contains(library + " (deleted)");
      try (Sonde sonde = Sonde.observingPorts(folder, firstPort, secondPort, thirdPort)) {
        sonde.awaitHooked(TlsServer.PYTHON);
        get(first, "/first/of/a/deleted/file");
        try (WebServer second = python(library, secondPort)) {
          assertThat(maps(second)).contains(library + "\n");
          sonde.awaitHooked(library, 2);
          get(second, "/second/of/the/new/file");
          replace(library);
          get(first, "/first/again");
          get(second, "/second/of/a/deleted/file");
          try (WebServer third = python(library, thirdPort)) {
            sonde.awaitHooked(library, 3);
            get(third, "/third/of/the/newest/file");
            get(second, "/second/again");
            get(first, "/first/at/last");

            assertThat(sonde.awaitTraces(7, trace -> true))
                .extracting(Trace::path)
                .containsExactlyInAnyOrder(
                    "/first/of/a/deleted/file",
                    "/second/of/the/new/file",
                    "/first/again",
                    "/second/of/a/deleted/file",
                    "/third/of/the/newest/file",
                    "/second/again",
                    "/first/at/last");
          }
        }
      }
    }
  }

  @Test
  void whenTheLibraryIsInAMountNamespaceOfItsOwn() throws IOException {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    String enter =
        "mount -t tmpfs none %1$s && cp %2$s %1$s && export LD_LIBRARY_PATH=%1$s && exec \"$0\" \"$@\""
            .formatted(elsewhere, LIBSSL);
    int before = Ports.free();
    int after = Ports.free();
    try (WebServer older = inside(enter, before);
        Sonde sonde = Sonde.observingPorts(folder, before, after);
        WebServer younger = inside(enter, after)) {
      assertThat(elsewhere).isEmptyDirectory();
      assertThat(maps(older)).contains(elsewhere + "/libssl.so.3");
      sonde.awaitHooked(elsewhere.resolve(LIBSSL.getFileName()), 2);
      get(older, "/older");
      get(younger, "/younger");

      assertThat(sonde.awaitTraces(2, trace -> true))
          .extracting(Trace::path)
          .containsExactlyInAnyOrder("/older", "/younger");
    }
  }

  @Test
  void ofThoseWhoAreSelectedAndOfNobodyElseWhoHasTheSameLibrary() {
    try (WebServer selected = TlsServer.PYTHON.start(certificate, folder);
        WebServer other = TlsServer.PYTHON.start(certificate, folder);
        WebServer third = TlsServer.NGINX.start(certificate, folder);
        Sonde sonde = Sonde.observingPorts(folder, selected.port())) {
      sonde.awaitHooked(TlsServer.PYTHON);
      for (int i = 0; i < 5; i++) {
        get(other, "/other/" + i);
        get(third, "/third/" + i);
        get(selected, "/selected/" + i);
      }

      assertThat(sonde.awaitTraces(5, trace -> true))
          .allMatch(trace -> trace.serverPort() == selected.port())
          .allMatch(trace -> trace.path().startsWith("/selected/"));
    }
  }

  private WebServer python(Path library, int port) {
    return TlsServer.example(
        certificate,
        folder,
        port,
        Map.of("LD_LIBRARY_PATH", library.getParent().toString()),
        "/usr/bin/python3",
        Paths.example("python-server/server.py"),
        "--threads");
  }

  private WebServer inside(String enter, int port) {
    List<String> command = new ArrayList<>(List.of("unshare", "--mount", "/bin/sh", "-c", enter));
    command.addAll(
        List.of("/usr/bin/python3", Paths.example("python-server/server.py"), "--threads"));
    return TlsServer.example(certificate, folder, port, command.toArray(String[]::new));
  }

  /** As package managers do it: another file takes its name. */
  private static void replace(Path library) throws IOException {
    Path next = Files.copy(LIBSSL, library.resolveSibling("next"));
    Files.move(next, library, StandardCopyOption.ATOMIC_MOVE);
  }

  private static String maps(WebServer server) throws IOException {
    return Files.readString(Path.of("/proc/" + server.program().pid() + "/maps"));
  }

  private void get(WebServer server, String path) {
    Http.curl(folder, "--http1.1", "--cacert", certificate.file() + "", server.url(path));
  }
}
