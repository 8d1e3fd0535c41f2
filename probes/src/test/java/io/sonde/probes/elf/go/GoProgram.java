package io.sonde.probes.elf.go;

import io.sonde.probes.elf.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A small program that uses crypto/tls, built by the Go of this host in one of the usual ways. */
enum GoProgram {
  PLAIN(false),
  PIE(false, "-buildmode=pie"),
  CGO(true, "-ldflags=-linkmode=external"),
  CGO_PIE(true, "-buildmode=pie", "-ldflags=-linkmode=external"),
  STATIC_PIE(true, "-buildmode=pie", "-ldflags=-linkmode=external -extldflags=-static-pie");

  private static final String SOURCE =
      """
      package main

      %s
      import (
      \t"crypto/tls"
      \t"os"
      )

      func main() {
      \tconn, err := tls.Dial("tcp", os.Args[1], nil)
      \tif err != nil {
      \t\tpanic(err)
      \t}
      \tconn.Write([]byte(os.Args[2]))
      \tserver := tls.Server(conn.NetConn(), &tls.Config{})
      \tserver.Read(make([]byte, 1))
      }
      """;

  private final boolean cgo;
  private final List<String> options;

  GoProgram(boolean cgo, String... options) {
    this.cgo = cgo;
    this.options = List.of(options);
  }

  /** The executable, with or without its symbols. */
  Path build(Path folder, boolean stripped) throws IOException, InterruptedException {
    Path source = Files.createDirectories(folder.resolve("source-" + cgo));
    Files.writeString(
        source.resolve("main.go"), SOURCE.formatted(cgo ? "// int x;\nimport \"C\"\n" : ""));
    Files.writeString(source.resolve("go.mod"), "module example\n\ngo 1.21\n");
    Path executable = folder.resolve(name() + (stripped ? "-stripped" : ""));
    List<String> command = new ArrayList<>(List.of("env", "--chdir", source.toString()));
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
