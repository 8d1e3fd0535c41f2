package io.sonde.probes.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.contract.doctor.Finding;
import io.sonde.contract.doctor.Finding.Status;
import io.sonde.probes.bpf.UprobeMechanism;
import io.sonde.probes.probe.Probe;
import io.sonde.probes.probe.Probes;
import io.sonde.probes.probe.files.FilePrograms;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hosts as they are elsewhere, made of files. */
class HostChecksTest {
  @TempDir Path root;

  private Host host(String... filesAndTexts) throws IOException {
    for (int i = 0; i < filesAndTexts.length; i += 2) {
      Path file = root.resolve(filesAndTexts[i]);
      Files.createDirectories(file.getParent());
      Files.writeString(file, filesAndTexts[i + 1]);
    }
    return new Host(root);
  }

  private static Finding of(String check, List<Finding> findings) {
    return findings.stream().filter(f -> f.check().equals(check)).findFirst().orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 000001ffffffffff, 0000000000000000, OK, OK",
    "0, 0000000000000000, 000001ffffffffff, FAILED, DEGRADED",
    "0, 000000c000000000, 000001ffffffffff, OK, DEGRADED",
    "1000, 0000000000000000, 000001ffffffffff, OK, OK",
    "1000, 000001ffffffffff, 0000000000080004, FAILED, OK"
  })
  void aCapabilityIsLookedForWhereRootWouldHaveIt(
      String uid, String effective, String bounding, Status bpf, Status ptrace) throws IOException {
    Host host =
        host(
            "proc/self/status",
            "Name:\tx\nUid:\t%1$s\t%1$s\t%1$s\t%1$s\nCapEff:\t%2$s\nCapBnd:\t%3$s\n"
                .formatted(uid, effective, bounding));

    List<Finding> findings = new CapabilityCheck(host).look();

    assertThat(of("capability.bpf", findings).status()).isEqualTo(bpf);
    assertThat(of("capability.sys_ptrace", findings).status()).isEqualTo(ptrace);
    assertThat(findings)
        .filteredOn(finding -> finding.status() != Status.OK)
        .allMatch(finding -> !finding.cost().isEmpty() && finding.remedy().contains("add CAP_"));
  }

  @Test
  void withoutProcNothingIsTold() {
    Host nothing = new Host(root);
    assertThat(new CapabilityCheck(nothing).look())
        .singleElement()
        .extracting(Finding::status)
        .isEqualTo(Status.COULD_NOT_TELL);
    assertThat(new CapabilityCheck(nothing).mayLoad()).isFalse();
    assertThat(new ResourceCheck(nothing).look())
        .extracting(Finding::status)
        .containsOnly(Status.COULD_NOT_TELL);
  }

  @Test
  void aKernelWithoutTypeInformationIsNamed() throws IOException {
    Finding btf =
        of("btf", new KernelCheck(host("proc/sys/kernel/osrelease", "5.4.0\n"), "amd64").look());
    assertThat(btf.status()).isEqualTo(Status.FAILED);
    assertThat(btf.found()).contains("CONFIG_DEBUG_INFO_BTF");
    assertThat(of("btf", new KernelCheck(host(KernelBtf.FILE, "rubbish"), "amd64").look()).status())
        .isEqualTo(Status.FAILED);
  }

  @Test
  void anotherArchitectureIsRefused() throws IOException {
    Host host = host("proc/sys/kernel/osrelease", "6.12.0\n");
    assertThat(of("kernel", new KernelCheck(host, "aarch64").look()).status())
        .isEqualTo(Status.FAILED);
    assertThat(of("kernel", new KernelCheck(host, "amd64").look()).found())
        .isEqualTo("Linux 6.12.0, amd64");
  }

  @ParameterizedTest
  @CsvSource({
    "none [integrity] confidentiality, OK",
    "[none] integrity confidentiality, OK",
    "none integrity [confidentiality], DEGRADED"
  })
  void onlyTheHighestLockdownCosts(String lockdown, Status status) throws IOException {
    Host host = host("sys/kernel/security/lockdown", lockdown);
    assertThat(of("lockdown", new KernelCheck(host).look()).status()).isEqualTo(status);
  }

  @Test
  void rootOfAUserNamespaceIsNotRoot() throws IOException {
    Host rootless = host("proc/self/uid_map", "         0       1000          1\n");
    assertThat(of("user_namespace", new NamespaceCheck(rootless).look()).status())
        .isEqualTo(Status.FAILED);
    Host whole = host("proc/self/uid_map", "         0          0 4294967295\n");
    assertThat(of("user_namespace", new NamespaceCheck(whole).look()).status())
        .isEqualTo(Status.OK);
  }

  @Test
  void aTightCgroupIsFoundOnTheWayUp() throws IOException {
    Host host =
        host(
            "proc/self/cgroup", "1:cpu:/\n0::/pods/one\n",
            "sys/fs/cgroup/pods/one/memory.max", "max\n",
            "sys/fs/cgroup/pods/memory.max", "134217728\n");
    Finding memory = of("memory", new ResourceCheck(host).look());
    assertThat(memory.status()).isEqualTo(Status.DEGRADED);
    assertThat(memory.found()).contains("128 MiB");
  }

  @Test
  void aSlowClockIsNamed() throws IOException {
    Host host =
        host(
            "proc/uptime", "1.00 1.00\n",
            "sys/devices/system/clocksource/clocksource0/current_clocksource", "hpet\n");
    assertThat(of("clock", new ResourceCheck(host).look()).status()).isEqualTo(Status.DEGRADED);
  }

  @Test
  void everyProbeHasHooksAndThisKernelHasThem() throws IOException {
    for (Probe probe : Probes.list()) {
      Set<String> hooks = Hooks.of(probe);
      boolean inPrograms = probe instanceof FilePrograms; // instead of the kernel
      assertThat(hooks.isEmpty()).as(probe.name()).isEqualTo(inPrograms);
      assertThat(KernelBtf.missing(Path.of("/", KernelBtf.FILE), hooks)).isEmpty();
    }
    assertThat(KernelBtf.missing(Path.of("/", KernelBtf.FILE), List.of("btf_trace_of_nothing")))
        .containsExactly("btf_trace_of_nothing");
  }

  @Test
  void withoutOneLinkForManyPointsTlsTakesMoreRightsThanCaptureKeeps() {
    assertThat(TlsCheck.finding(UprobeMechanism.MULTI, false).status()).isEqualTo(Status.OK);
    Finding without = TlsCheck.finding(UprobeMechanism.PERF_EVENT, false);
    assertThat(without.status()).isEqualTo(Status.DEGRADED);
    assertThat(without.cost()).contains("TLS");
    assertThat(without.remedy()).contains("6.6");
    assertThat(TlsCheck.finding(UprobeMechanism.PERF_EVENT, true).cost()).contains("longer");
  }

  @Test
  void javaProgramsAreCountedWhoseTlsCannotBeRead() {
    assertThat(of("tls.java", new TlsCheck(new Host(Path.of("/")), false).look()).found())
        .matches("[1-9]\\d* Java programs.*");
  }

  @Test
  void withoutTheRightToLoadTheHooksAreLookedUp() {
    List<Finding> findings = new ProbeCheck(new Host(Path.of("/")), false).look();
    assertThat(of("probe.socket", findings).status()).isEqualTo(Status.COULD_NOT_TELL);
    assertThat(of("libbpf", findings).found()).containsPattern("version 1\\.\\d+");
  }

  @Test
  void aKernelWithoutTheHooksIsTooOld() throws IOException {
    byte[] types = Files.readAllBytes(Path.of("/", KernelBtf.FILE));
    Path file = root.resolve(KernelBtf.FILE);
    Files.createDirectories(file.getParent());
    String without =
        new String(types, StandardCharsets.ISO_8859_1)
            .replace("btf_trace_sock_recv_length", "btf_trace_sock_recv_lengtX");
    Files.write(file, without.getBytes(StandardCharsets.ISO_8859_1));

    Finding socket = of("probe.socket", new ProbeCheck(new Host(root), false).look());

    assertThat(socket.status()).isEqualTo(Status.FAILED);
    assertThat(socket.found()).isEqualTo("this kernel has no btf_trace_sock_recv_length");
    assertThat(socket.cost()).isEqualTo("nothing can be captured");
    assertThat(socket.remedy()).contains("6.3");
  }

  @Test
  void theCapabilitiesAreThoseThatTheScriptKeeps() throws IOException {
    String script = Files.readString(Path.of("../receiver/launcher/src/main/bin/sonde"));
    String list = script.replaceAll("(?s).*capture_capabilities=\\((.*?)\\).*", "$1");
    assertThat(list.split(" "))
        .containsExactlyInAnyOrder(
            Arrays.stream(Capability.values())
                .map(c -> "[" + c.name().toLowerCase(Locale.ROOT) + "]=" + c.bit)
                .toArray(String[]::new));
  }
}
