package io.sonde.pipeline.export.otlp.queue;

import io.sonde.pipeline.export.otlp.request.Signal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The directory of one queue, ours alone while it is open: private to our user, and locked against
 * a second process. Its segments are named {@code traces-<requests>-<items>.segment}, after the
 * place of their first record; files with other names are left alone.
 */
final class SegmentDirectory implements AutoCloseable {
  private static final String LOCK = "queue.lock";

  private final Path path;
  private final String prefix;
  private final Pattern name;
  private final FileChannel lock;

  private SegmentDirectory(Path path, Signal signal, FileChannel lock) {
    this.path = path;
    this.prefix = signal.name().toLowerCase(Locale.ROOT);
    this.name = Pattern.compile(prefix + "-([0-7][0-9a-f]{15})-([0-7][0-9a-f]{15})\\.segment");
    this.lock = lock;
  }

  static SegmentDirectory open(Path path, Signal signal) throws QueueOpenException {
    try {
      if (!Files.exists(path)) {
        Files.createDirectories(
            path,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      check(path);
      return new SegmentDirectory(path, signal, lock(path));
    } catch (IOException e) {
      throw new QueueOpenException(
          "cannot use "
              + path
              + " for the queue of the exporter: "
              + e
              + "; make it a directory that Sonde's user owns and may write, or choose another",
          e);
    }
  }

  /** Whether an existing directory may be used; leaves no trace in it. */
  static void check(Path path) throws IOException, QueueOpenException {
    if (!Files.isDirectory(path)) {
      throw new QueueOpenException(
          "cannot use "
              + path
              + " for the queue of the exporter: it is not a directory; choose"
              + " another");
    }
    Object owner = Files.getAttribute(path, "unix:uid");
    Object self = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    if (!owner.equals(self)) {
      throw new QueueOpenException(
          "cannot use "
              + path
              + " for the queue of the exporter: it belongs to user "
              + owner
              + " and Sonde runs as user "
              + self
              + "; run chown "
              + self
              + " "
              + path
              + " or choose another");
    }
    Set<PosixFilePermission> allowed = Files.getPosixFilePermissions(path);
    if (allowed.contains(PosixFilePermission.GROUP_WRITE)
        || allowed.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new QueueOpenException(
          "cannot use "
              + path
              + " for the queue of the exporter: other users may write to it and"
              + " so put files in Sonde's way; run chmod 0700 "
              + path
              + " or choose another");
    }
    if (!Files.isWritable(path)) {
      throw new QueueOpenException(
          "cannot use "
              + path
              + " for the queue of the exporter: it is not writable; run chmod"
              + " 0700 "
              + path
              + ", see whether its file system is mounted read-only, or choose"
              + " another");
    }
  }

  private static FileChannel lock(Path path) throws IOException, QueueOpenException {
    FileChannel channel =
        FileChannel.open(
            path.resolve(LOCK),
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    boolean locked = false;
    try {
      FileLock ours = channel.tryLock();
      locked = ours != null;
    } catch (OverlappingFileLockException e) { // by another queue of this very process
      locked = false;
    } finally {
      if (!locked) {
        channel.close();
      }
    }
    if (!locked) {
      throw new QueueOpenException(
          "cannot use "
              + path
              + " for the queue of the exporter: another Sonde is using it (it"
              + " holds the lock on "
              + LOCK
              + "); stop that one, or give each its own directory");
    }
    return channel;
  }

  /** Places that the names of our segments say, oldest first. */
  List<Place> places() throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .map(file -> name.matcher(file.getFileName().toString()))
          .filter(Matcher::matches)
          .map(match -> new Place(parse(match.group(1)), parse(match.group(2))))
          .sorted(Comparator.comparingLong(Place::requests))
          .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static long parse(String hex) {
    return Long.parseLong(hex, 16);
  }

  /** Path of the segment that starts at a place. */
  Path segment(Place first) {
    return path.resolve(
        String.format(
            Locale.ROOT, "%s-%016x-%016x.segment", prefix, first.requests(), first.items()));
  }

  /** Gives up the lock. */
  @Override
  public void close() throws IOException {
    lock.close();
  }
}
