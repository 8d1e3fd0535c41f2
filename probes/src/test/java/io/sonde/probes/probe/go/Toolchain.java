package io.sonde.probes.probe.go;

import static org.assertj.core.api.Assumptions.assumeThat;

import io.sonde.probes.elf.Run;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Go compiler of this host, and one of the usual ways to use it. */
enum Toolchain {
  LATEST("go", false),
  LATEST_WITH_SYMBOLS("go", false),
  LATEST_PIE("go", false, "-buildmode=pie"),
  LATEST_CGO("go", true, "-ldflags=-linkmode=external"),
  LATEST_STATIC_PIE(
      "go", true, "-buildmode=pie", "-ldflags=-linkmode=external -extldflags=-static-pie"),
  /** Debian 12's: no goroutine knows its parent, functions begin otherwise. */
  GO_1_19("/usr/lib/go-1.19/bin/go", false),
  GO_1_19_WITH_SYMBOLS("/usr/lib/go-1.19/bin/go", false);

  private final String go;
  private final boolean cgo;
  private final List<String> options;

  Toolchain(String go, boolean cgo, String... options) {
    this.go = go;
    this.cgo = cgo;
    this.options = List.of(options);
  }

  /** The executable of a program in src/test/go, stripped but for two ways. */
  Path build(String program) throws Exception {
    return build(program, "go.mod");
  }

  /**
   * The same with the modules of other versions.
   *
   * @param modules beside the program, in the form of go.mod
   */
  Path build(String program, String modules) throws Exception {
    if (go.startsWith("/")) {
      assumeThat(Path.of(go)).exists();
    }
    Path executable = Path.of("target/go", program + "-" + name() + "-" + modules).toAbsolutePath();
    List<String> command = new ArrayList<>(List.of("env", "--chdir", "src/test/go/" + program));
    command.addAll(List.of("GOTOOLCHAIN=local", "CGO_ENABLED=" + (cgo ? 1 : 0), go, "build"));
    command.addAll(List.of("-modfile=" + modules, "-o", executable.toString()));
    String strip = name().endsWith("_WITH_SYMBOLS") ? "" : "-s -w ";
    boolean linked = false;
    for (String option : options) {
      linked |= option.startsWith("-ldflags=");
      command.add(option.replace("-ldflags=", "-ldflags=" + strip));
    }
    if (!linked) {
      command.add("-ldflags=" + strip);
    }
    Run.output(command.toArray(String[]::new));
    return executable;
  }
}
