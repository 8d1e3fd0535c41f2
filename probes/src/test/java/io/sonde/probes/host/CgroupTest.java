package io.sonde.probes.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CgroupTest {
  private static final String A = "a1".repeat(32);
  private static final String B = "b2".repeat(32);
  private static final String UID = "0c4f8d3a-9a3e-4b6e-8d5c-2f1e7a6b5c4d";
  private static final String UID_ = UID.replace('-', '_');

  /** {@code A} and {@code B} stand for ids of 64 digits, {@code UID} for that of a pod. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      quoteCharacter = '"',
      textBlock =
          """
          Docker v1,               12:pids:/docker/A,                                               A,
          Docker v2 by systemd,    0::/system.slice/docker-A.scope,                                 A,
          Docker v2 by cgroupfs,   0::/docker/A,                                                    A,
          systemd within Docker,   0::/system.slice/docker-A.scope/system.slice/nginx.service,      A,
          Docker of our namespace, 0::/../docker-A.scope,                                           A,
          containerd by ctr,       0::/default/A,                                                   A,
          containerd on v1,        "9:memory:/kubepods/burstable/podUID/A",                         A, UID
          containerd by systemd,   "0::/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-podUID_.slice/cri-containerd-A.scope", A, UID
          containerd without systemd in its name, "1:cpu:/system.slice/containerd.service/kubepods-burstable-podUID_.slice:cri-containerd:A", A, UID
          CRI-O,                   "0::/kubepods.slice/kubepods-podUID_.slice/crio-A.scope",        A, UID
          CRI-O with a container group, "0::/kubepods.slice/kubepods-podUID_.slice/crio-A.scope/container", A, UID
          conmon of CRI-O,         "0::/kubepods.slice/kubepods-podUID_.slice/crio-conmon-A.scope", "", UID
          static pod,              "0::/kubepods/besteffort/podf2a1b0c9d8e7f6a5b4c3d2e1f0a9b8c7/A", A,
          Podman,                  0::/machine.slice/libpod-A.scope,                                A,
          Podman without root,     0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-A.scope/container, A,
          conmon of Podman,        0::/machine.slice/libpod-conmon-A.scope,                         "",
          kind,                    "0::/docker/A/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-podUID_.slice/cri-containerd-B.scope", B, UID
          Docker in Docker,        0::/docker/A/docker/B,                                           B,
          systemd-nspawn,          0::/machine.slice/machine-my\\x2ddebian.scope/payload/system.slice/nginx.service, my-debian,
          systemd-nspawn by its unit, 0::/machine.slice/systemd-nspawn@web.service/payload,         web,
          the nspawn outside,      0::/machine.slice/systemd-nspawn@web.service/supervisor,         "",
          a virtual machine,       0::/machine.slice/machine-qemu\\x2d1\\x2dvm.scope/libvirt/emulator, "",
          ECS,                     5:cpu:/ecs/0123456789abcdef0123456789abcdef/A,                   A,
          Fargate,                 5:cpu:/ecs/0123456789abcdef0123456789abcdef/0123456789abcdef0123456789abcdef-2531612879, 0123456789abcdef0123456789abcdef-2531612879,
          a service,               0::/system.slice/nginx.service,                                  "",
          a session,               0::/user.slice/user-0.slice/session-1.scope,                     "",
          the root,                0::/,                                                            "",
          a longer number,         0::/x/Aff,                                                       "",
          """)
  void namesTheContainerAndThePod(String runtime, String line, String container, String pod) {
    Cgroup cgroup = Cgroup.parse(full(line) + "\n");

    assertThat(cgroup.containerId()).isEqualTo(full(container));
    assertThat(cgroup.podUid()).isEqualTo(pod == null ? "" : full(pod));
  }

  @Test
  void ofAllHierarchiesTheFirstThatNamesOneCounts() {
    String text = "13:misc:/\n12:pids:/docker/" + A + "\n1:name=systemd:/docker/" + A + "\n0::/\n";
    assertThat(Cgroup.parse(text)).isEqualTo(new Cgroup(A, ""));
    assertThat(Cgroup.parse("")).isEqualTo(new Cgroup("", ""));
  }

  private static String full(String text) {
    return text.replace("UID_", UID_)
        .replace("UID", UID)
        .replaceAll("A(?![a-zA-Z]{3})", A)
        .replaceAll("B(?![a-zA-Z]{3})", B);
  }
}
