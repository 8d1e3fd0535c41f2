package io.sonde.probes.elf.go;

import io.sonde.probes.elf.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The program in src/test/go/tlspairs, built by the Go of this host in one of the usual ways. */
public enum GoProgram {
  PLAIN(false),
  PIE(false, "-buildmode=pie"),
  CGO(true, "-ldflags=-linkmode=external"),
  CGO_PIE(true, "-buildmode=pie", "-ldflags=-linkmode=external"),
  STATIC_PIE(true, "-buildmode=pie", "-ldflags=-linkmode=external -extldflags=-static-pie"),
  /** Here Read does not copy by itself. */
  NOT_INLINED(false, "-gcflags=crypto/tls=-l");

  private final boolean cgo;
  private final List<String> options;

  GoProgram(boolean cgo, String... options) {
    this.cgo = cgo;
    this.options = List.of(options);
  }

  /** The executable, with or without its symbols. */
  public Path build(boolean stripped) throws IOException, InterruptedException {
    Path executable = Path.of("target/go", name() + (stripped ? "-stripped" : "")).toAbsolutePath();
    List<String> command = new ArrayList<>(List.of("env", "--chdir", "src/test/go/tlspairs"));
    command.addAll(List.of("CGO_ENABLED=" + (cgo ? 1 : 0), "go", "build", "-o"));
    command.add(executable.toString());
    for (String option : options) {
      command.add(stripped ? option.replace("-ldflags=", "-ldflags=-s -w ") : option);
    }
    if (stripped && options.stream().noneMatch(option -> option.startsWith("-ldflags"))) {
      command.add("-ldflags=-s -w");
    }
    Run.output(command.toArray(String[]::new));
    return executable;
  }
}
