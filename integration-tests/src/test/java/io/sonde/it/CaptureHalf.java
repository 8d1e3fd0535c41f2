package io.sonde.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The distribution's {@code sonde capture} as a service manager or a container runtime starts it:
 * with the capabilities that the shipped unit lists and no way to more.
 */
final class CaptureHalf {
  private static final String BOUNDING_SET = "CapabilityBoundingSet=";

  private CaptureHalf() {}

  /** Observes whoever listens on the port. */
  static Program start(Path folder, Path socket, int port) {
    return start(folder, socket, port, List.of());
  }

  /**
   * @param in words before the command, which say where it runs
   */
  static Program start(Path folder, Path socket, int port, List<String> in) {
    List<String> command = new ArrayList<>(in);
    command.addAll(List.of("setpriv", "--no-new-privs", "--bounding-set=" + boundingSet()));
    command.addAll(List.of(Paths.launcher().toString(), "capture"));
    return Program.start("capture", folder, environment(socket, port), command);
  }

  /**
   * In namespaces of its own as in a container, but for pids: no network, another host name, and a
   * file system in which the directory of the socket is at {@code /mnt/socket}.
   */
  static Program startInContainer(Path folder, Path directory, int port, String hostName) {
    String prepare =
        "mount -t tmpfs none /mnt && mkdir /mnt/socket && mount --bind \"$1\" /mnt/socket"
            + " && echo \"$2\" >/proc/sys/kernel/hostname && shift 2 && exec \"$@\"";
    return start(
        folder,
        Path.of("/mnt/socket/capture.sock"),
        port,
        List.of(
            "unshare",
            "--mount",
            "--uts",
            "--net",
            "bash",
            "-c",
            prepare,
            "container",
            directory.toString(),
            hostName));
  }

  /** The capture process itself as that user, with the four capabilities it cannot do without. */
  static Program startAsUser(Path folder, Path socket, int port, int uid, String group) {
    String capabilities = "-all,+bpf,+perfmon,+sys_ptrace,+dac_read_search";
    Path home = Paths.launcher().getParent().getParent();
    String options =
        Program.run(
            folder,
            "env",
            "SONDE_SOCKET=" + socket,
            "SONDE_OPEN_PORT=" + port,
            Paths.launcher().toString(),
            "capture-options");
    try {
      Path file = Files.writeString(folder.resolve("options-" + uid), options);
      return Program.start(
          "capture-" + uid,
          folder,
          List.of(
              "bash",
              "-c",
              "exec \"$@\" <'" + file + "'",
              "capture",
              "setpriv",
              "--reuid=" + uid,
              "--regid=" + group,
              "--clear-groups",
              "--inh-caps=" + capabilities,
              "--ambient-caps=" + capabilities,
              "--no-new-privs",
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-Djava.library.path=" + home + "/lib/native",
              "-Djffi.boot.library.path=" + home + "/lib/native",
              "-cp",
              home + "/lib/capture/*",
              "io.sonde.probes.capture.Main"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Map<String, String> environment(Path socket, int port) {
    return Map.of("SONDE_SOCKET", socket.toString(), "BEYLA_OPEN_PORT", Integer.toString(port));
  }

  /** As setpriv wants it. */
  private static String boundingSet() {
    StringBuilder set = new StringBuilder("-all");
    for (String capability : capabilities()) {
      set.append(",+").append(capability.toLowerCase(Locale.ROOT));
    }
    return set.toString();
  }

  /** Of the shipped unit, without CAP_. */
  static List<String> capabilities() {
    Path unit = Paths.launcher().getParent().getParent().resolve("systemd/sonde-capture.service");
    try {
      return Files.readAllLines(unit).stream()
          .filter(line -> line.startsWith(BOUNDING_SET))
          .flatMap(line -> List.of(line.substring(BOUNDING_SET.length()).split(" ")).stream())
          .map(capability -> capability.replaceFirst("^CAP_", ""))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
