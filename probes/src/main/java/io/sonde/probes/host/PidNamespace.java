package io.sonde.probes.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Makes sure that /proc speaks of the processes that the kernel's records speak of. Those carry
 * pids of the initial pid namespace; in a container with one of its own, /proc gives the same
 * numbers to other processes, and every name and every selection would be wrong.
 */
public final class PidNamespace {
  /** PROC_PID_INIT_INO in the kernel's include/linux/proc_ns.h. */
  private static final String INITIAL = "pid:[4026531836]";

  private static final String REMEDY =
      ": start it in the pid namespace of the host, with hostPID: true (Kubernetes), --pid=host"
          + " (Docker, Podman), or without a namespace of its own";

  private PidNamespace() {}

  /**
   * @param pid of this process, as the kernel gives it to us (getpid)
   * @throws UnfitHostException when names would be wrong; says what to do
   */
  public static void requireInitial(long pid) throws UnfitHostException {
    requireInitial(Path.of("/proc"), pid);
  }

  /** The same by another /proc. */
  public static void requireInitial(Path proc, long pid) throws UnfitHostException {
    String own = link(proc.resolve("self/ns/pid"));
    if (own.isEmpty() && Files.exists(proc.resolve("self/ns"))) {
      return; // a kernel built without pid namespaces has just one
    }
    if (!own.isEmpty() && !own.equals(INITIAL)) {
      throw new UnfitHostException(
          "capture runs in a pid namespace of its own ("
              + own
              + "), so what /proc says here is of other processes than those that the kernel names"
              + REMEDY);
    }
    String self = link(proc.resolve("self"));
    if (!self.equals(Long.toString(pid))) {
      throw new UnfitHostException(
          "/proc is not that of the pid namespace capture runs in (we are process "
              + pid
              + ", /proc/self is '"
              + self
              + "'), so its processes are not those that the kernel names"
              + REMEDY
              + ", and /proc mounted there");
    }
  }

  private static String link(Path link) throws UnfitHostException {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      throw new UnfitHostException(
          link + " cannot be read (" + e.getMessage() + "): is /proc mounted, and whole?", e);
    }
  }
}
