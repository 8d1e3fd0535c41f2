package io.sonde.probes.probe.files;

import io.sonde.probes.bpf.PinnedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.util.Map;

/**
 * Which file it is that a uprobe is attached to. Containers of one image see the same file of its
 * layer through overlays of their own, each with another device; as the kernel attaches to the file
 * below, their files are one where inode, size and time agree, as an overlay passes them on.
 *
 * @param device {@code st_dev}; {@value #OVERLAY} for a file of an overlay
 * @param version size and time of an overlay's; empty for others, whose inode is enough
 */
record FileIdentity(long device, long inode, String version) {
  private static final long OVERLAY = -1;

  /**
   * The same in a certain state, for what was found in it.
   *
   * @param changed {@code st_ctime}, which no one can set
   */
  record State(FileIdentity file, long size, FileTime changed) {}

  static FileIdentity of(PinnedFile file) throws IOException {
    Map<String, Object> facts = attributes(file);
    return file.isInOverlay()
        ? new FileIdentity(
            OVERLAY,
            (long) facts.get("ino"),
            facts.get("size") + " " + facts.get("lastModifiedTime"))
        : new FileIdentity((long) facts.get("dev"), (long) facts.get("ino"), "");
  }

  State state(PinnedFile file) throws IOException {
    Map<String, Object> facts = attributes(file);
    return new State(this, (long) facts.get("size"), (FileTime) facts.get("ctime"));
  }

  private static Map<String, Object> attributes(PinnedFile file) throws IOException {
    return Files.readAttributes(file.path(), "unix:dev,ino,size,lastModifiedTime,ctime");
  }
}
