package io.sonde.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReceiveProcessTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path dir;

  @Test
  void endsInOrderOnSigtermAndLeavesNoSocket() throws Exception {
    Path socket = dir.resolve("run/s.sock");
    Path options = dir.resolve("options");
    try (ReceiveProcess receive =
        ReceiveProcess.start(
            dir,
            Map.of(
                "SONDE_SOCKET", socket.toString(),
                "BEYLA_OPEN_PORT", "80,8000-8999",
                "BEYLA_TARGET_PID", "7,8",
                "OTEL_GO_AUTO_TARGET_EXE", "*/shop",
                "OTEL_EXPORTER_OTLP_HEADERS", "authorization=s3cret",
                "BEYLA_TRACE_PRINTER", "text"),
            "receive",
            "--capture-options-to=" + options)) {
      await().atMost(PATIENCE).until(() -> receive.errors().contains("listening on " + socket));
      assertThat(socket).exists();
      assertThat(options)
          .content()
          .startsWith("socket=" + socket + "\n")
          .contains(
              "\nwith.open_ports=80,8000-8999\n",
              "\nwith.exe_path=*/shop\n",
              "\nwith.target_pids=7,8\n",
              "\nrequest_bytes=4096\n",
              "\nresponse_bytes=1024\n",
              "\nring_bytes=4194304\n",
              "\nmax_connections=65536\n",
              "\nlog_level=INFO\n",
              "\nlog_format=TEXT\n")
          .endsWith("\nend\n");

      receive.terminate();

      assertThat(receive.exitCode()).isZero();
      assertThat(socket).doesNotExist();
      assertThat(receive.errors()).contains("ending: flushing").doesNotContain("s3cret");
      assertThat(receive.output()).isEmpty();
    }
  }

  @Test
  void logsInJsonWhenToldSo() throws Exception {
    Path socket = dir.resolve("s.sock");
    try (ReceiveProcess receive =
        ReceiveProcess.start(
            dir,
            Map.of(
                "SONDE_SOCKET", socket.toString(),
                "BEYLA_OPEN_PORT", "80",
                "BEYLA_LOG_FORMAT", "json",
                "BEYLA_TRACE_PRINTER", "text"),
            "receive")) {
      await().atMost(PATIENCE).until(() -> receive.errors().contains("listening on " + socket));
      assertThat(receive.errors().lines())
          .allMatch(line -> line.startsWith("{\"level\":\"info\",\"ts\":\"") && line.endsWith("}"));
    }
  }

  @Test
  void aTakenPortIsNamedBeforeCaptureIsToldAnything() throws Exception {
    Path options = dir.resolve("options");
    try (ServerSocket taken = new ServerSocket(0);
        ReceiveProcess receive =
            ReceiveProcess.start(
                dir,
                Map.of(
                    "SONDE_SOCKET", dir.resolve("s").toString(),
                    "BEYLA_OPEN_PORT", "80",
                    "BEYLA_PROMETHEUS_PORT", Integer.toString(taken.getLocalPort())),
                "receive",
                "--capture-options-to=" + options)) {
      assertThat(receive.exitCode()).isEqualTo(3);
      assertThat(receive.errors())
          .startsWith(
              "sonde: prometheus_export.port: cannot listen on 0.0.0.0:" + taken.getLocalPort())
          .contains("BEYLA_PROMETHEUS_PORT");
      assertThat(options).doesNotExist();
    }
  }

  @Test
  void aTakenSocketIsNamedBeforeCaptureIsToldAnything() throws Exception {
    Path options = dir.resolve("options");
    Path file = Files.createFile(dir.resolve("s"));
    try (ReceiveProcess receive =
        ReceiveProcess.start(
            dir,
            Map.of(
                "SONDE_SOCKET", file.toString(),
                "BEYLA_OPEN_PORT", "80",
                "BEYLA_TRACE_PRINTER", "text"),
            "receive",
            "--capture-options-to=" + options)) {
      assertThat(receive.exitCode()).isEqualTo(3);
      assertThat(receive.errors()).startsWith("sonde: " + file + " exists and is not a socket");
      assertThat(options).doesNotExist();
    }
  }

  @Test
  void aMissingCertificateIsAMatterOfTheConfigurationAndNamedBeforeCaptureIsToldAnything()
      throws Exception {
    Path options = dir.resolve("options");
    Path config =
        Files.writeString(
            dir.resolve("c.conf"),
            """
            discovery.open_port = 80
            otel_export.endpoint = "https://localhost:4318"
            otel_export.tls.ca_file = /none/ca.pem
            """);
    try (ReceiveProcess receive =
        ReceiveProcess.start(
            dir,
            Map.of("BEYLA_CONFIG_PATH", config.toString()),
            "receive",
            "--capture-options-to=" + options)) {
      assertThat(receive.exitCode()).isEqualTo(2);
      assertThat(receive.errors())
          .contains("c.conf: 3: otel_export.tls.ca_file: /none/ca.pem cannot be used");
      assertThat(options).doesNotExist();
    }
  }

  @Test
  void everyProblemOfTheConfigurationIsToldAtOnce() throws Exception {
    Path file = Files.writeString(dir.resolve("c.conf"), "trace_printr = text\nlog_level = loud\n");
    try (ReceiveProcess receive =
        ReceiveProcess.start(dir, Map.of(), "receive", "--config", file.toString())) {
      assertThat(receive.exitCode()).isEqualTo(2);
      assertThat(receive.errors().lines())
          .containsExactlyInAnyOrder(
              "sonde: " + file + ": 1: unknown key trace_printr: did you mean trace_printer?",
              "sonde: "
                  + file
                  + ": 2: log_level is \"loud\": it must be one of debug, info, warn, error");
    }
  }

  @Test
  void theProbesAreNotOnThisClassPath() {
    assertThatThrownBy(() -> Class.forName("io.sonde.probes.capture.Main"))
        .isInstanceOf(ClassNotFoundException.class);
  }
}
