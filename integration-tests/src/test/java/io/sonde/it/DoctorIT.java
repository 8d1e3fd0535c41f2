package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("sonde doctor")
class DoctorIT {
  private static final int FINE = 0;
  private static final int CONFIGURATION = 2;
  private static final int FAILED = 3;
  private static final int DEGRADED = 4;
  private static final int COULD_NOT_TELL = 5;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;

  @BeforeEach
  void makeSocketDirectory() {
    ThisMachine.assumeItCanBeObserved();
    Sonde.makeSocketDirectory(folder);
  }

  @Test
  void findsThisMachineFitAndLeavesNothingInTheKernel() {
    String before = programs();
    JsonObject report = examine(FINE, List.of(), Map.of());
    assertThat(report.get("version").getAsInt()).isEqualTo(1);
    assertThat(report.get("status").getAsString()).isEqualTo("ok");
    assertThat(statuses(report))
        .containsKeys(
            "kernel", "btf", "capability.bpf", "pid_namespace", "libbpf", "configuration", "java")
        .containsEntry("probe.socket", "ok")
        .containsEntry("probe.sweep", "ok")
        .containsEntry("socket", "ok");
    assertThat(programs()).isEqualTo(before);
  }

  @Test
  void tellsAnOrdinaryUserWhatOnlyRootCanSee() {
    List<String> nobody = List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
    JsonObject report = examine(COULD_NOT_TELL, nobody, Map.of());
    assertThat(statuses(report))
        .containsEntry("user", "could_not_tell")
        .containsEntry("probe.socket", "could_not_tell")
        .containsEntry("btf", "ok")
        .containsEntry("configuration", "ok");
  }

  @Test
  void namesTheCapabilityThatIsMissing() {
    JsonObject report =
        examine(FAILED, List.of("setpriv", "--bounding-set=-bpf,-sys_ptrace"), Map.of());
    assertThat(statuses(report))
        .containsEntry("capability.bpf", "failed")
        .containsEntry("capability.sys_ptrace", "degraded")
        .containsEntry("capability.perfmon", "ok");
  }

  @Test
  void findsCaptureUnableToLookFromAPidNamespaceOfItsOwn() {
    JsonObject report =
        examine(FAILED, List.of("unshare", "--pid", "--fork", "--mount-proc"), Map.of());
    assertThat(statuses(report)).containsEntry("pid_namespace", "failed");
  }

  @Test
  void tellsACollectorThatIsAwayFromASocketLeftBehind() throws IOException {
    Path socket = Sonde.socket(folder);
    try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      killed.bind(UnixDomainSocketAddress.of(socket));
    }
    // We are root: the receiver's own socket would be its user's.
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rwxrwxrwx"));
    JsonObject report =
        examine(
            DEGRADED,
            List.of(),
            Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + Ports.free()));
    assertThat(statuses(report))
        .containsEntry("socket", "degraded")
        .containsEntry("collector.traces", "degraded")
        .containsEntry("collector.metrics", "degraded");
    assertThat(Files.exists(socket)).as("it changes nothing").isTrue();
  }

  @Test
  void tellsAWrongConfigurationFromAnUnfitHost() {
    JsonObject report = examine(CONFIGURATION, List.of(), Map.of("BEYLA_OPEN_PORT", "eighty"));
    assertThat(statuses(report))
        .containsEntry("configuration", "failed")
        .containsEntry("collector", "could_not_tell");
  }

  @Test
  void findsARunningSondeWell() {
    try (Sonde sonde = Sonde.observingPorts(folder, 9)) {
      JsonObject report =
          examine(
              FINE,
              List.of(),
              Map.of("BEYLA_PROMETHEUS_PORT", Integer.toString(sonde.prometheusPort())));
      assertThat(statuses(report)).containsEntry("port.prometheus_export", "ok");
      assertThat(report.toString()).contains("a receiver listens on " + Sonde.socket(folder));
    }
  }

  private static Map<String, String> statuses(JsonObject report) {
    Map<String, String> statuses = new HashMap<>();
    report
        .getAsJsonArray("findings")
        .asList()
        .forEach(
            element -> {
              JsonObject finding = element.getAsJsonObject();
              statuses.put(finding.get("check").getAsString(), finding.get("status").getAsString());
            });
    return statuses;
  }

  private String programs() {
    return Program.run(
        folder, "bash", "-c", "/usr/sbin/bpftool prog show | grep -c tracing || true");
  }

  private JsonObject examine(int exit, List<String> as, Map<String, String> more) {
    Map<String, String> env = new HashMap<>();
    env.put("SONDE_SOCKET", Sonde.socket(folder).toString());
    env.put("BEYLA_OPEN_PORT", "9");
    env.put("BEYLA_TRACE_PRINTER", "text");
    env.putAll(more);
    List<String> words = new ArrayList<>(as);
    words.addAll(List.of(Paths.launcher().toString(), "doctor", "--json"));
    try (Program program = Program.start("doctor", folder, env, words)) {
      assertThat(program.awaitExit(PATIENCE)).as(program.everything()).isEqualTo(exit);
      return JsonParser.parseString(program.output()).getAsJsonObject();
    }
  }
}
