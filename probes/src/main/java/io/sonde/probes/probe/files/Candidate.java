package io.sonde.probes.probe.files;

import io.sonde.probes.bpf.PinnedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A file of a process in which TLS may be done.
 *
 * @param path as the process sees it
 * @param opening how it is opened
 */
record Candidate(String path, Opening opening) {
  /** Opens the file that is meant, whatever its path leads to now. */
  @FunctionalInterface
  interface Opening {
    PinnedFile open() throws IOException;
  }

  /**
   * How their names begin; libssl also those of Python wheels, as libssl-81ffa89e.so.3. Node may be
   * a library with OpenSSL within.
   */
  private static final List<String> LIBRARIES =
      List.of("libssl", "libgnutls", "libboringssl", "libnode.so");

  /** Where a C library's dynamic linker looks; links among them lead to one file. */
  private static final List<String> STANDARD_FOLDERS =
      List.of(
          "/usr/lib/x86_64-linux-gnu",
          "/lib/x86_64-linux-gnu",
          "/usr/lib64",
          "/lib64",
          "/usr/lib",
          "/usr/local/lib");

  private static final List<String> STANDARD_NAMES =
      List.of("libssl.so.3", "libssl.so.1.1", "libgnutls.so.30");

  /** What it executes by itself. */
  static Candidate executable(int pid) throws IOException {
    Path link = process(pid).resolve("exe");
    return new Candidate(Files.readSymbolicLink(link).toString(), () -> PinnedFile.open(link));
  }

  /** What it has mapped of a TLS library. */
  static List<Candidate> libraries(int pid, List<MappedFile> mapped) {
    return mapped.stream()
        .filter(file -> LIBRARIES.stream().anyMatch(file.name()::startsWith))
        .map(file -> new Candidate(file.path(), () -> file.open(pid)))
        .toList();
  }

  /** What it will map, if it maps a TLS library of its system. */
  static List<Candidate> standardLibraries(int pid) {
    return standardLibraries(process(pid).resolve("root"));
  }

  /** What programs of the host will map; its root is that of process 1, or else ours. */
  static List<Candidate> hostLibraries() {
    Path host = process(1).resolve("root");
    return standardLibraries(Files.isReadable(host) ? host : Path.of("/"));
  }

  private static List<Candidate> standardLibraries(Path root) {
    List<Candidate> candidates = new ArrayList<>();
    for (String folder : STANDARD_FOLDERS) {
      for (String name : STANDARD_NAMES) {
        String path = folder + "/" + name;
        candidates.add(new Candidate(path, () -> PinnedFile.openIn(root, path)));
      }
    }
    return candidates;
  }

  /** Processes that have this in common have the same standard libraries. */
  static String whereStandardLibrariesAre(int pid) throws IOException {
    return Files.readSymbolicLink(process(pid).resolve("ns/mnt"))
        + " "
        + Files.readSymbolicLink(process(pid).resolve("root"));
  }

  private static Path process(int pid) {
    return Path.of("/proc", Integer.toString(pid));
  }
}
