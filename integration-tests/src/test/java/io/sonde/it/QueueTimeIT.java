package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Time spent waiting")
class QueueTimeIT {
  private static final int HANDLER_MS = 300;
  private static final int APART_MS = 100;

  /** What a busy machine may add between our start of curl and its connection. */
  private static final long TOLERANCE_MS = 80;

  @TempDir Path folder;

  @Test
  void forASingleThreadedServerIsTheTimeTheOthersTook() {
    try (WebServer server = WebServer.singleThreadedPython(folder);
        Sonde sonde = Sonde.observingPorts(folder, server.port())) {
      List<Program> clients = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        List<String> curl = List.of("curl", "-sS", server.url("/delay?ms=" + HANDLER_MS));
        clients.add(Program.start("curl", folder, curl));
        await().pollDelay(Duration.ofMillis(APART_MS)).until(() -> true);
      }
      clients.forEach(client -> client.awaitExit(Duration.ofSeconds(10)));

      List<Trace> traces =
          sonde.awaitTraces(3, trace -> true).stream()
              .sorted(Comparator.comparingLong(Trace::queuedUs))
              .toList();

      assertThat(traces)
          .allSatisfy(
              trace -> assertThat(ms(trace.handlerUs())).isCloseTo(HANDLER_MS, within(30L)));
      for (int i = 0; i < 3; i++) {
        assertThat(ms(traces.get(i).queuedUs()))
            .isCloseTo((long) i * (HANDLER_MS - APART_MS), within(TOLERANCE_MS));
      }
    }
  }

  /** The second is sent while the first is worked on, and read when that is answered. */
  @Test
  void underTlsIsToldByTheTimeTheCiphertextArrived() throws IOException {
    Certificate certificate = Certificate.make(folder);
    try (WebServer server = singleThreadedWithTls(certificate);
        Sonde sonde = Sonde.observingPorts(folder, server.port());
        RawConnection connection = openTls(sonde, TlsServer.PYTHON, certificate, server.port())) {
      String request = "GET /delay?ms=" + HANDLER_MS + " HTTP/1.1\r\nHost: raw.test\r\n\r\n";
      connection.send(request);
      await().pollDelay(Duration.ofMillis(APART_MS)).until(() -> true);
      connection.send(request);
      connection.readAnswer();
      connection.readAnswer();

      List<Trace> traces = sonde.awaitTraces(2, trace -> true);

      assertThat(ms(traces.get(0).queuedUs())).isCloseTo(0, within(TOLERANCE_MS));
      assertThat(ms(traces.get(1).queuedUs()))
          .isCloseTo(HANDLER_MS - APART_MS, within(TOLERANCE_MS));
      assertThat(traces)
          .allSatisfy(
              trace -> assertThat(ms(trace.handlerUs())).isCloseTo(HANDLER_MS, within(30L)));
    }
  }

  /**
   * A client sends its request when hands are shaken: as long as it waits for that, there is none.
   */
  @Test
  void underTlsBeginsAfterTheHandshake() throws IOException {
    Certificate certificate = Certificate.make(folder);
    try (WebServer server = singleThreadedWithTls(certificate);
        Sonde sonde = Sonde.observingPorts(folder, server.port())) {
      sonde.awaitHooked(TlsServer.PYTHON);
      List<Program> clients = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        String url = server.url("/delay?ms=" + HANDLER_MS);
        clients.add(
            Program.start(
                "curl",
                folder,
                List.of("curl", "-sS", "--cacert", certificate.file().toString(), url)));
      }
      clients.forEach(client -> assertThat(client.awaitExit(Duration.ofSeconds(10))).isZero());

      assertThat(sonde.awaitTraces(3, trace -> true))
          .allSatisfy(
              trace -> {
                assertThat(ms(trace.queuedUs())).isCloseTo(0, within(TOLERANCE_MS));
                assertThat(ms(trace.handlerUs())).isCloseTo(HANDLER_MS, within(30L));
              });
    }
  }

  /** One event loop: what arrives while it is busy has to wait, on whichever connection. */
  @Test
  void underTlsIsToldWhereTheLibraryIsNotToldTheSocket() throws IOException {
    Certificate certificate = Certificate.make(folder);
    int port = Ports.free();
    try (WebServer server =
            TlsServer.example(
                certificate, folder, port, "node", Paths.resource("busy_server.js").toString());
        Sonde sonde = Sonde.observingPorts(folder, server.port());
        RawConnection first = openTls(sonde, TlsServer.NODE, certificate, port);
        RawConnection second = RawConnection.openTls(certificate, port)) {
      first.get("/busy?ms=1"); // hands are shaken on both, and both have been read from
      second.get("/busy?ms=1");
      String request = "GET /busy?ms=" + HANDLER_MS + " HTTP/1.1\r\nHost: raw.test\r\n\r\n";
      first.send(request);
      await().pollDelay(Duration.ofMillis(APART_MS)).until(() -> true);
      second.send(request);
      first.readAnswer();
      second.readAnswer();

      List<Trace> traces = sonde.awaitTraces(4, trace -> trace.serverPort() == server.port());

      assertThat(ms(traces.get(2).queuedUs())).isCloseTo(0, within(TOLERANCE_MS));
      assertThat(ms(traces.get(3).queuedUs()))
          .isCloseTo(HANDLER_MS - APART_MS, within(TOLERANCE_MS));
    }
  }

  private static RawConnection openTls(
      Sonde sonde, TlsServer kind, Certificate certificate, int port) throws IOException {
    sonde.awaitHooked(kind);
    return RawConnection.openTls(certificate, port);
  }

  /** The handshake is done by the first read, as the request is read. */
  private WebServer singleThreadedWithTls(Certificate certificate) {
    return TlsServer.example(
        certificate,
        folder,
        Ports.free(),
        "/usr/bin/python3",
        Paths.example("python-server/server.py"));
  }

  private static long ms(long us) {
    return TimeUnit.MICROSECONDS.toMillis(us);
  }
}
