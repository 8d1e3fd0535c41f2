package io.sonde.probes.bpf;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jnr.ffi.Pointer;

/**
 * A program hooked at points of one file, in every process that maps it. Detaches when closed: keep
 * it referenced. Closing waits until no CPU runs the program there, milliseconds.
 */
public final class UprobeLink implements AutoCloseable {
  private static final int ALL_PROCESSES = -1;
  private static final int EPERM = 1;
  private static final int EACCES = 13;

  private final Runnable detach;
  private boolean attached = true;

  private UprobeLink(Runnable detach) {
    this.detach = detach;
  }

  static UprobeLink multi(
      String name, int programFd, Path file, List<UprobePoint> points, boolean atReturn)
      throws BpfException {
    BpfSystemCall bpf = BpfSystemCall.get();
    int link = bpf.linkUprobes(programFd, file, points, atReturn);
    if (link < 0) {
      throw refused(name, file, points, -link);
    }
    return new UprobeLink(() -> bpf.close(link));
  }

  static UprobeLink perfEvents(
      String name,
      Native library,
      Pointer program,
      Path file,
      List<UprobePoint> points,
      boolean atReturn)
      throws BpfException {
    List<Pointer> links = new ArrayList<>();
    UprobeLink all = new UprobeLink(() -> links.forEach(library.bpf()::bpf_link__destroy));
    library.takeMessages();
    for (UprobePoint point : points) {
      Pointer link =
          library
              .bpf()
              .bpf_program__attach_uprobe_opts(
                  program,
                  ALL_PROCESSES,
                  file.toString(),
                  point.offset(),
                  UprobeOptions.of(library, point.cookie(), atReturn));
      if (link == null) {
        int errno = library.errno();
        all.close();
        throw refused(name, file, List.of(point), errno);
      }
      links.add(link);
    }
    return all;
  }

  private static BpfException refused(String name, Path file, List<UprobePoint> points, int errno) {
    String why =
        errno == EPERM || errno == EACCES
            ? "; without uprobe_multi (Linux 6.6) it takes CAP_SYS_ADMIN: add that, or run a kernel >= 6.6"
            : "";
    return new BpfException(
        "%s cannot be attached to %s at %s (errno %d)%s"
            .formatted(
                name,
                file,
                points.stream().map(point -> Long.toHexString(point.offset())).toList(),
                errno,
                why));
  }

  @Override
  public void close() {
    if (attached) {
      attached = false;
      detach.run();
    }
  }
}
