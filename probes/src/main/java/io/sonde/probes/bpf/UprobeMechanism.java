package io.sonde.probes.bpf;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** How uprobes are attached. A program is loaded for one of them. */
public enum UprobeMechanism {
  /** One link for all points of a file (kernel 6.6); needs no more rights than loading does. */
  MULTI,

  /** A perf event for each point; needs CAP_SYS_ADMIN besides. */
  PERF_EVENT;

  private static final int EBADF = 9;
  private static Optional<UprobeMechanism> best = Optional.empty();

  /**
   * What this kernel has, found out once by asking for a link that cannot be: to a folder. A kernel
   * without it refuses to load the program, or does not know the type of the link.
   *
   * @throws BpfException when not even a program of one instruction can be loaded
   */
  public static synchronized UprobeMechanism best() throws BpfException {
    if (best.isEmpty()) {
      best = Optional.of(probe(BpfSystemCall.get()));
    }
    return best.get();
  }

  private static UprobeMechanism probe(BpfSystemCall bpf) throws BpfException {
    int program = bpf.loadEmpty(BpfSystemCall.ATTACH_UPROBE_MULTI);
    if (program < 0) {
      int plain = bpf.loadEmpty(BpfSystemCall.ATTACH_ANY);
      if (plain < 0) {
        throw new BpfException(
            "no uprobe program can be loaded (errno "
                + -plain
                + "); capture needs CAP_BPF and CAP_PERFMON");
      }
      bpf.close(plain);
      return PERF_EVENT;
    }
    try {
      Path folder = Path.of("/");
      int link = bpf.linkUprobes(program, folder, List.of(new UprobePoint(0, 0)), false);
      if (link >= 0) {
        bpf.close(link);
      }
      return link == -EBADF && Files.isDirectory(folder) ? MULTI : PERF_EVENT;
    } finally {
      bpf.close(program);
    }
  }
}
