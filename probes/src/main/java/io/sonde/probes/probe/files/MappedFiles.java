package io.sonde.probes.probe.files;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Files of which a process has code mapped: what it can execute. */
final class MappedFiles {
  /** As many mappings as a process may have (vm.max_map_count) unless it is raised. */
  private static final int MAX_LINES = 65_536;

  private static final int MAX_FILES = 4096;

  private MappedFiles() {}

  /** Each once, in the order of addresses; empty for a process that is gone. */
  static List<MappedFile> of(int pid) throws IOException {
    List<MappedFile> files = new ArrayList<>();
    Set<String> paths = new HashSet<>();
    Path maps = Path.of("/proc", Integer.toString(pid), "maps");
    // paths may have any bytes
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(maps), StandardCharsets.UTF_8))) {
      String line = reader.readLine();
      for (int i = 0; line != null && i < MAX_LINES && files.size() < MAX_FILES; i++) {
        // most lines are no code
        if (line.indexOf('/') > 0 && line.indexOf("xp ") > 0) {
          Optional<MappedFile> file = MappedFile.parse(line);
          if (file.isPresent() && paths.add(file.get().path() + file.get().inode())) {
            files.add(file.get());
          }
        }
        line = reader.readLine();
      }
    }
    return files;
  }
}
