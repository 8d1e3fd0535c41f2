package io.sonde.probes.probe.files;

import io.sonde.probes.bpf.PinnedFile;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of which a process has code mapped, a line of /proc/PID/maps (proc(5)).
 *
 * <pre>
 *   7f1c2000-7f1c5000 r-xp 00021000 fe:01 1835226    /usr/lib/x86_64-linux-gnu/libssl.so.3
 * </pre>
 *
 * @param range addresses, as /proc/PID/map_files names it
 * @param device major and minor number
 * @param path as the process sees it, or saw it before it was removed
 * @param removed whether the path leads to it no more
 */
record MappedFile(String range, long device, long inode, String path, boolean removed) {
  private static final Pattern LINE =
      Pattern.compile(
          "([0-9a-f]{1,16}-[0-9a-f]{1,16}) r.xp [0-9a-f]+"
              + " ([0-9a-f]{1,8}):([0-9a-f]{1,8}) (\\d{1,20}) +(/.*)");
  private static final String REMOVED = " (deleted)";

  /** Empty for what is not code, or of no file. */
  static Optional<MappedFile> parse(String line) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String path = matcher.group(5);
    boolean removed = path.endsWith(REMOVED);
    return Optional.of(
        new MappedFile(
            withoutZeros(matcher.group(1)),
            device(Long.parseLong(matcher.group(2), 16), Long.parseLong(matcher.group(3), 16)),
            inode(matcher.group(4)),
            removed ? path.substring(0, path.length() - REMOVED.length()) : path,
            removed));
  }

  /** Of its path, behind the last slash. */
  String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /**
   * Opens it: by its path, when that leads to it still, else through the mapping itself. The path
   * counts from the root of the mount namespace that it is in, which is the process's root or, when
   * it called chroot, ours.
   *
   * @throws IOException when that cannot be done; says what it takes
   */
  PinnedFile open(int pid) throws IOException {
    Path process = Path.of("/proc", Integer.toString(pid));
    if (!removed) {
      for (Path root : List.of(process.resolve("root"), Path.of("/"))) {
        Optional<PinnedFile> found = byPath(root);
        if (found.isPresent()) {
          return found.get();
        }
      }
    }
    try {
      return PinnedFile.open(process.resolve("map_files").resolve(range));
    } catch (AccessDeniedException e) {
      throw new IOException(
          "it was removed or replaced since it was mapped, and reading it then takes"
              + " CAP_CHECKPOINT_RESTORE",
          e);
    }
  }

  private Optional<PinnedFile> byPath(Path root) {
    PinnedFile file;
    try {
      file = PinnedFile.openIn(root, path);
    } catch (IOException e) {
      return Optional.empty(); // the mapping is asked next
    }
    try {
      if (Files.getAttribute(file.path(), "unix:dev").equals(device)
          && Files.getAttribute(file.path(), "unix:ino").equals(inode)) {
        return Optional.of(file);
      }
    } catch (IOException e) {
      // as if it were another
    }
    file.close();
    return Optional.empty();
  }

  /** As {@code st_dev} (makedev(3)). */
  private static long device(long major, long minor) {
    return minor & 0xff | (major & 0xfff) << 8 | (minor & ~0xffL) << 12 | (major & ~0xfffL) << 32;
  }

  private static long inode(String number) {
    try {
      return Long.parseUnsignedLong(number);
    } catch (NumberFormatException e) {
      return 0; // none has it
    }
  }

  private static String withoutZeros(String range) {
    String[] ends = range.split("-");
    return Long.toHexString(Long.parseUnsignedLong(ends[0], 16))
        + "-"
        + Long.toHexString(Long.parseUnsignedLong(ends[1], 16));
  }
}
