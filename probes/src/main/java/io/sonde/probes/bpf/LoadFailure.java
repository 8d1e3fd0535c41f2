package io.sonde.probes.bpf;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Turns what libbpf prints when an object does not load into the sentence that matters. */
final class LoadFailure {
  private static final Path KERNEL_BTF = Path.of("/sys/kernel/btf/vmlinux");
  private static final Pattern MISSING_HOOK =
      Pattern.compile("failed to find kernel BTF type ID of '([^']+)'");
  private static final int EPERM = 1;
  private static final int LINES_KEPT = 3;

  private LoadFailure() {}

  static BpfException explain(String object, int errno, String messages) {
    if (!Files.exists(KERNEL_BTF)) {
      return new BpfException(
          "no BTF at /sys/kernel/btf/vmlinux: this kernel was built without CONFIG_DEBUG_INFO_BTF; try a"
              + " distribution kernel (Debian 11+, Ubuntu 20.10+, RHEL 8.2+ have it)");
    }
    Matcher hook = MISSING_HOOK.matcher(messages);
    if (hook.find()) {
      return new BpfException(
          String.format(
              "%s: kernel %s has no tracepoint %s, which came with Linux 6.3; run a kernel >= 6.3 (Debian 12:"
                  + " linux-image-amd64 from bookworm-backports)",
              object, System.getProperty("os.version"), hook.group(1)));
    }
    if (errno == EPERM) {
      return new BpfException(
          String.format(
              "%s: loading was not permitted; capture needs the capabilities CAP_BPF and CAP_PERFMON: run as root or"
                  + " through bin/sonde, and in a container add them",
              object));
    }
    return new BpfException(
        String.format(
            "%s: the kernel refused it (errno %d): %s", object, errno, essence(messages)));
  }

  /** The verifier's verdict stands at the end of a long log. */
  private static String essence(String messages) {
    List<String> lines =
        messages
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("--"))
            .filter(
                line ->
                    !line.startsWith("processed ")
                        && !line.startsWith("libbpf: failed to load object"))
            .collect(Collectors.toList());
    int from = Math.max(0, lines.size() - LINES_KEPT);
    String kept = String.join(" | ", lines.subList(from, lines.size()));
    return from == 0 ? kept : kept + " (" + from + " lines before left out)";
  }
}
