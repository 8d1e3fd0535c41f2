package io.sonde.server;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The socket's place in the file system. It is bound inside a directory only we can enter, given
 * its mode there, and only then renamed to where others look: at no moment can anybody connect who
 * may not.
 */
public final class SocketFile implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(SocketFile.class.getName());
  private static final int FILE_TYPE_MASK = 0170000;
  private static final int SOCKET = 0140000;
  private static final int OTHERS_WRITE = 0002;
  private static final int STICKY = 01000;

  /** sun_path holds 108 bytes, the last of them NUL. */
  private static final int MAX_PATH_BYTES = 107;

  private final Path path;
  private final Path privateDirectory;
  private Object publishedKey;

  private SocketFile(Path path, Path privateDirectory) {
    this.path = path;
    this.privateDirectory = privateDirectory;
  }

  /**
   * Makes the directory, and makes sure that nothing that matters is in the way: a socket on which
   * nobody listens is a leftover and may be replaced, all else may not.
   *
   * @throws IOException whose message says what to do
   */
  public static SocketFile claim(Path socket) throws IOException {
    Path path = socket.toAbsolutePath();
    Path directory = path.getParent();
    if (directory == null) {
      throw new IOException("The socket " + path + " is a directory: give the path of a file");
    }
    makeDirectory(directory);
    warnOfOthers(directory);
    refuseIfInUse(path);
    try {
      Path privateDirectory = Files.createTempDirectory(directory, ".sonde");
      SocketFile file = new SocketFile(path, privateDirectory);
      int length = file.bindPath().toString().getBytes(StandardCharsets.UTF_8).length;
      if (length > MAX_PATH_BYTES) {
        Files.delete(privateDirectory);
        throw new IOException(
            "The socket's path "
                + path
                + " is too long for the kernel: use a directory whose path is "
                + (length - MAX_PATH_BYTES)
                + " bytes shorter");
      }
      return file;
    } catch (java.nio.file.AccessDeniedException e) {
      throw new IOException(
          "No permission to make a socket in "
              + directory
              + ": let the user of the receiver own that directory, or set receiver.socket",
          e);
    }
  }

  private static void makeDirectory(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    try {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    } catch (IOException e) {
      throw new IOException(
          "Cannot make the directory "
              + directory
              + " for the socket: make it and let the user of the receiver own it, or set"
              + " receiver.socket",
          e);
    }
  }

  /**
   * Who may replace the directory may have his own socket found in its place. In the volume of a
   * pod that is its containers' business; on a host it is a hole.
   */
  private static void warnOfOthers(Path directory) throws IOException {
    for (Path at = directory.toRealPath(); at != null; at = at.getParent()) {
      int mode = (Integer) Files.getAttribute(at, "unix:mode");
      boolean replaceable = (mode & OTHERS_WRITE) != 0 && (mode & STICKY) == 0;
      if (replaceable) {
        LOG.log(
            Level.WARNING,
            "{0} may be written to by every user: one of them could put a socket in the place of {1}"
                + " and be told what capture sees; take the right away (chmod o-w), or see that only"
                + " the two halves can reach it",
            new Object[] {at, directory});
      }
    }
  }

  /** What is at a path where a receiver is to listen. */
  public enum Occupant {
    NOTHING,
    /** A file, a directory, anything that would have to go first. */
    NO_SOCKET,
    /** A socket on which nobody listens: a leftover, to be replaced. */
    LEFTOVER,
    LISTENER
  }

  /**
   * Connects, and hangs up at once.
   *
   * @throws IOException when it cannot be told, because this user may not connect
   */
  public static Occupant occupant(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return Occupant.NOTHING;
    }
    int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    if ((mode & FILE_TYPE_MASK) != SOCKET) {
      return Occupant.NO_SOCKET;
    }
    try (SocketChannel other = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      other.connect(UnixDomainSocketAddress.of(path));
      return Occupant.LISTENER;
    } catch (ConnectException e) {
      return Occupant.LEFTOVER;
    }
  }

  private static void refuseIfInUse(Path path) throws IOException {
    switch (occupantOrRemedy(path)) {
      case NOTHING -> LOG.log(Level.FINE, "Nothing is at {0}", path);
      case LEFTOVER ->
          LOG.log(Level.FINE, "Nobody listens on {0}: a leftover, to be replaced", path);
      case NO_SOCKET ->
          throw new IOException(
              path
                  + " exists and is not a socket: remove it, or set receiver.socket to another"
                  + " path");
      case LISTENER ->
          throw new IOException(
              "Another receiver listens on "
                  + path
                  + ": stop it, or set receiver.socket to another path for this one");
    }
  }

  private static Occupant occupantOrRemedy(Path path) throws IOException {
    try {
      return occupant(path);
    } catch (IOException e) {
      throw new IOException(
          path
              + " exists and cannot be tried ("
              + e.getMessage()
              + "): remove it, or set receiver.socket to another path",
          e);
    }
  }

  /** Where to bind; unreachable for others. */
  Path bindPath() {
    return privateDirectory.resolve("s");
  }

  /** Opens the bound socket to the owner and the group of this process. */
  void publish() throws IOException {
    Path bound = bindPath();
    Files.setPosixFilePermissions(bound, PosixFilePermissions.fromString("rw-rw----"));
    publishedKey = key(bound);
    Files.move(bound, path, StandardCopyOption.ATOMIC_MOVE);
    Files.delete(privateDirectory);
  }

  /**
   * Removes what was published or is left of the attempt; not a file somebody else put there since.
   * May be called again.
   */
  @Override
  public void close() {
    try {
      Files.deleteIfExists(bindPath());
      Files.deleteIfExists(privateDirectory);
      if (publishedKey != null
          && Files.exists(path, LinkOption.NOFOLLOW_LINKS)
          && publishedKey.equals(key(path))) {
        Files.delete(path);
      }
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "the socket {0} could not be removed ({1}); the next receiver replaces it",
          new Object[] {path, e});
    }
  }

  /** The path. */
  @Override
  public String toString() {
    return path.toString();
  }

  private static Object key(Path file) throws IOException {
    return Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS);
  }
}
