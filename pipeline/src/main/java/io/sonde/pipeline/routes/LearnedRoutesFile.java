package io.sonde.pipeline.routes;

import io.sonde.pipeline.event.Role;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.zip.CRC32;

/**
 * What was learned, in a file, so that a restart does not begin anew:
 *
 * <pre>
 * sonde-learned-routes 1
 * service  production  shop  server                separated by tabs, names URL-encoded
 * /api/users/*&#47;orders                              * is data, ! a place that has collapsed
 * crc32 7a0d3f12                                   of all lines before it
 * </pre>
 *
 * Written whole and then renamed, so a reader sees either version. What cannot be read is told and
 * begun anew: it would only have been a start.
 */
public final class LearnedRoutesFile {
  private static final Logger LOG = Logger.getLogger(LearnedRoutesFile.class.getName());

  private static final String NAME = "learned-routes";
  private static final String HEADER = "sonde-learned-routes 1";
  private static final String SERVICE = "service";
  private static final String CHECKSUM = "crc32 ";

  /** More than all that is kept can take. */
  private static final long MAX_BYTES = 16 << 20;

  private final Path file;
  private final RoutesByService services;
  private boolean failing; // guarded by this

  private LearnedRoutesFile(Path directory, RoutesByService services) {
    this.file = directory.resolve(NAME);
    this.services = services;
  }

  /**
   * Reads what is there into {@code services}; what it learns from now on can be saved.
   *
   * @throws IOException when nothing could be written there; its message is a sentence
   */
  public static LearnedRoutesFile open(Path directory, RoutesByService services)
      throws IOException {
    try {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw unusable(directory, e.toString(), e);
    }
    if (!Files.isWritable(directory)) {
      throw unusable(directory, "it is not writable", null);
    }
    LearnedRoutesFile opened = new LearnedRoutesFile(directory, services);
    opened.read();
    return opened;
  }

  private static IOException unusable(Path directory, String why, IOException cause) {
    return new IOException(
        "cannot keep learned routes in "
            + directory
            + ": "
            + why
            + "; make it a directory that Sonde's user owns and may write, or choose another",
        cause);
  }

  private void read() {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new IllegalArgumentException("it has more than " + MAX_BYTES + " bytes");
      }
      take(Files.readString(file));
    } catch (NoSuchFileException e) { // nothing has been learned yet
      LOG.log(Level.FINE, "no {0} yet", file);
    } catch (IOException | IllegalArgumentException e) {
      services.forgetAll();
      LOG.log(
          Level.WARNING,
          "{0} cannot be read ({1}): routes are learned anew, and the file is replaced",
          new Object[] {file, e.getMessage() == null ? e.toString() : e.getMessage()});
    }
  }

  private void take(String text) {
    int end = text.lastIndexOf('\n', text.length() - 2) + 1;
    String body = text.substring(0, end);
    require(text.startsWith(HEADER + "\n"), "its first line is not \"" + HEADER + "\"");
    require(text.substring(end).equals(CHECKSUM + checksum(body) + "\n"), "its checksum is wrong");
    ServiceRoutes service = null;
    Role role = null;
    for (String line : body.substring(HEADER.length() + 1).split("\n")) {
      if (line.startsWith(SERVICE + "\t")) {
        String[] words = line.split("\t", -1);
        require(words.length == 4, "a service has four words");
        service = services.of(decode(words[1]), decode(words[2]));
        role = words[3].equals(label(Role.SERVER)) ? Role.SERVER : Role.CLIENT;
      } else if (!line.isEmpty()) {
        require(service != null, "it does not begin with a service");
        service.learn(role, line);
      }
    }
  }

  /** Writes the file when there is anything new. Called by any thread. */
  public synchronized void save() {
    Map<RoutesByService.Name, ServiceRoutes> all = services.all();
    boolean changed = failing;
    for (ServiceRoutes service : all.values()) {
      changed |= service.takeChanged();
    }
    if (!changed) {
      return;
    }
    try {
      write(text(all));
      failing = false;
    } catch (IOException e) {
      if (!failing) {
        LOG.log(
            Level.WARNING,
            "cannot write {0} ({1}): tried again every few seconds; what is learned from now on does"
                + " not survive a restart until then",
            new Object[] {file, e.toString()});
      }
      failing = true;
    }
  }

  private static String text(Map<RoutesByService.Name, ServiceRoutes> all) {
    StringBuilder text = new StringBuilder(HEADER).append('\n');
    all.forEach(
        (name, service) -> {
          for (Role role : List.of(Role.SERVER, Role.CLIENT)) {
            List<String> lines = service.learned(role);
            if (!lines.isEmpty()) {
              text.append(SERVICE).append('\t').append(encode(name.namespace())).append('\t');
              text.append(encode(name.name())).append('\t').append(label(role)).append('\n');
              lines.forEach(line -> text.append(line).append('\n'));
            }
          }
        });
    String checksum = checksum(text.toString());
    return text.append(CHECKSUM).append(checksum).append('\n').toString();
  }

  private void write(String text) throws IOException {
    Path whole = file.resolveSibling(NAME + ".new");
    Files.deleteIfExists(whole); // of a run that was killed meanwhile
    try (FileChannel channel =
        FileChannel.open(
            whole,
            Set.of(
                StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static String label(Role role) {
    return role == Role.SERVER ? "server" : "client";
  }

  private static String checksum(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return String.format("%08x", crc.getValue());
  }

  private static String encode(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8);
  }

  private static String decode(String name) {
    return URLDecoder.decode(name, StandardCharsets.UTF_8);
  }

  private static void require(boolean met, String otherwise) {
    if (!met) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
