package io.sonde.launcher.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.sonde.contract.doctor.Finding;
import io.sonde.contract.doctor.Finding.Status;
import io.sonde.launcher.config.ConfigReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoctorTest {
  @TempDir Path dir;

  private List<Finding> look(Map<String, String> variables) throws Exception {
    Map<String, String> all =
        new HashMap<>(
            Map.of(
                "SONDE_SOCKET", dir.resolve("s.sock").toString(),
                "BEYLA_OPEN_PORT", "80",
                "BEYLA_TRACE_PRINTER", "text"));
    all.putAll(variables);
    return Doctor.look(List.of(), ConfigReader.read(null, null, all, new ArrayList<>()));
  }

  private Finding look(String check, Map<String, String> variables) throws Exception {
    return look(variables).stream().filter(f -> f.check().equals(check)).findFirst().orElseThrow();
  }

  @Test
  void whereNothingRunsAllIsReady() throws Exception {
    assertThat(look(Map.of())).extracting(Finding::status).containsOnly(Status.OK);
  }

  @Test
  void withoutAConfigurationTheRestCannotBeTold() throws Exception {
    assertThat(Doctor.look(List.of(), null))
        .filteredOn(finding -> !finding.check().equals("java"))
        .extracting(Finding::status)
        .containsOnly(Status.COULD_NOT_TELL);
  }

  @Test
  void aSocketIsListenedOnLeftOverOrInTheWay() throws Exception {
    Path socket = dir.resolve("s.sock");
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(UnixDomainSocketAddress.of(socket));
      assertThat(look("socket", Map.of()).status()).isEqualTo(Status.OK);
    }
    assertThat(look("socket", Map.of()).status()).isEqualTo(Status.DEGRADED);
    Files.delete(socket);
    Files.createFile(socket);
    assertThat(look("socket", Map.of()).status()).isEqualTo(Status.FAILED);
  }

  @Test
  void aTakenPortIsAFailureUnlessItIsOurs() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
      // A connection that is never answered: patience ends.
      Finding taken =
          look(
              "port.prometheus_export",
              Map.of("BEYLA_PROMETHEUS_PORT", Integer.toString(other.getLocalPort())));
      assertThat(taken.status()).isEqualTo(Status.FAILED);
      assertThat(taken.found()).contains("BEYLA_PROMETHEUS_PORT");
    }
    HttpServer ours = server("/metrics", 200, "sonde_captures 1\n");
    try {
      assertThat(look("port.prometheus_export", port("BEYLA_PROMETHEUS_PORT", ours)).status())
          .isEqualTo(Status.OK);
      assertThat(look("port.health_check", port("BEYLA_HEALTH_CHECK_PORT", ours)).status())
          .isEqualTo(Status.FAILED);
    } finally {
      ours.stop(0);
    }
  }

  @ParameterizedTest
  @CsvSource({"200, OK", "503, DEGRADED", "404, DEGRADED", "401, FAILED", "400, FAILED"})
  void aCollectorIsAsItAnswers(int code, Status status) throws Exception {
    HttpServer collector = server("/v1/traces", code, "");
    try {
      Finding traces =
          look(
              "collector.traces",
              Map.of(
                  "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
                  "http://127.0.0.1:" + collector.getAddress().getPort()));
      assertThat(traces.status()).as(traces.found()).isEqualTo(status);
    } finally {
      collector.stop(0);
    }
  }

  @Test
  void aCollectorThatIsAwayCostsAndItIsSaidWhat() throws Exception {
    Finding away =
        look(
            "collector.metrics",
            Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                "unix://" + dir.resolve("otlp.sock"),
                "OTEL_EXPORTER_OTLP_TIMEOUT",
                "2000"));
    assertThat(away.status()).isEqualTo(Status.DEGRADED);
    assertThat(away.found()).contains("there is no socket");
    assertThat(away.cost()).contains("metrics wait");
  }

  @Test
  void aQueueOnDiskNeedsADirectoryOfOurs() throws Exception {
    Path queue = dir.resolve("queue");
    Map<String, String> variables =
        Map.of(
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
            "unix://" + dir.resolve("otlp.sock"),
            "SONDE_OTLP_QUEUE_DIRECTORY",
            queue.toString());
    assertThat(look("queue.traces", variables).found()).contains("MiB of 1024");
    assertThat(queue).as("nothing is made").doesNotExist();

    Files.createDirectories(queue);
    Files.createFile(queue.resolve("traces"));
    Finding occupied = look("queue.traces", variables);
    assertThat(occupied.status()).isEqualTo(Status.FAILED);
    assertThat(occupied.found()).contains("is not a directory");
  }

  private static Map<String, String> port(String variable, HttpServer server) {
    return Map.of(variable, Integer.toString(server.getAddress().getPort()));
  }

  private static HttpServer server(String path, int code, String body) throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        path,
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    return server;
  }
}
