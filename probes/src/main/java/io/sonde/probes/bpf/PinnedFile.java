package io.sonde.probes.bpf;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;

/**
 * A regular file that is held open, so that what was looked at is what is attached to, whatever
 * becomes of its path meanwhile. Paths of other processes' choosing are opened without harm: no
 * pipe is waited for, and below a root no link leads out of it.
 */
public final class PinnedFile implements AutoCloseable {
  private static final int RDONLY_NONBLOCK_CLOEXEC = 04000 | 02000000;
  private static final int PATH_DIRECTORY_CLOEXEC = 010000000 | 0200000 | 02000000;
  private static final long OPENAT2 = 437; // its number on x86-64
  private static final int HOW_SIZE = 24;
  private static final int RESOLVE = 16;
  private static final long NO_MAGICLINKS_IN_ROOT = 0x02 | 0x10;
  private static final int STATFS_SIZE = 256; // more than the structure has
  private static final long OVERLAYFS = 0x794c7630;
  private static final int EPERM = 1;
  private static final int EACCES = 13;
  private static final int ENOENT = 2;

  private final LibC libc;
  private final Native library;
  private final int fd;
  private final Path path;

  private PinnedFile(Native library, int fd) {
    this.library = library;
    this.libc = library.libc();
    this.fd = fd;
    this.path = Path.of("/proc/self/fd", Integer.toString(fd));
  }

  /**
   * Opens it for reading.
   *
   * @throws IOException when it cannot be opened, or is no regular file
   */
  public static PinnedFile open(Path file) throws IOException {
    Native library = library();
    return pinned(library, file, library.libc().open(file.toString(), RDONLY_NONBLOCK_CLOEXEC));
  }

  /**
   * Opens it as a process would whose root that is.
   *
   * @param absolute path there
   * @throws IOException when it cannot be opened, or is no regular file
   */
  public static PinnedFile openIn(Path root, String absolute) throws IOException {
    Native library = library();
    int folder = library.libc().open(root.toString(), PATH_DIRECTORY_CLOEXEC);
    if (folder < 0) {
      throw cannot(root, library.errno());
    }
    try {
      Pointer how = Memory.allocateDirect(library.runtime(), HOW_SIZE, true);
      how.putLong(0, RDONLY_NONBLOCK_CLOEXEC);
      how.putLong(RESOLVE, NO_MAGICLINKS_IN_ROOT);
      long fd = library.libc().syscall(OPENAT2, folder, absolute, how, HOW_SIZE);
      return pinned(library, Path.of(root + absolute), (int) fd);
    } finally {
      library.libc().close(folder);
    }
  }

  private static PinnedFile pinned(Native library, Path asked, int fd) throws IOException {
    if (fd < 0) {
      throw cannot(asked, library.errno());
    }
    PinnedFile file = new PinnedFile(library, fd);
    if (!Files.isRegularFile(file.path)) {
      file.close();
      throw new IOException(asked + " is no regular file");
    }
    return file;
  }

  private static Native library() throws IOException {
    try {
      return Native.get();
    } catch (BpfException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static IOException cannot(Path file, int errno) {
    return errno == EPERM || errno == EACCES
        ? new AccessDeniedException(file.toString())
        : errno == ENOENT
            ? new NoSuchFileException(file.toString())
            : new IOException(file + " cannot be opened (errno " + errno + ")");
  }

  /** Leads to this very file as long as it is open. */
  public Path path() {
    return path;
  }

  /** Whether it is seen through an overlay, as files of container images are. */
  public boolean isInOverlay() {
    Pointer buffer = Memory.allocateDirect(library.runtime(), STATFS_SIZE, true);
    return libc.statfs(path.toString(), buffer) == 0 && buffer.getLong(0) == OVERLAYFS;
  }

  @Override
  public void close() {
    libc.close(fd);
  }
}
