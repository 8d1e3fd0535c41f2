package io.sonde.probes.probe.go;

import static org.assertj.core.api.Assumptions.assumeThat;

import io.sonde.probes.elf.Run;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Go compiler, of this host or of another release, and one of the usual ways to use it. */
public enum Toolchain {
  LATEST(false),
  LATEST_PIE(false, "-buildmode=pie"),
  LATEST_CGO(true, "-ldflags=-linkmode=external"),
  LATEST_STATIC_PIE(true, "-buildmode=pie", "-ldflags=-linkmode=external -extldflags=-static-pie"),
  // As the module proxy has them: each minor release that Sonde knows and this host may not have.
  GO_1_17("go1.17.13"),
  GO_1_18("go1.18.10"),
  /** Debian 12's, since the proxy's does not run where it puts it. */
  GO_1_19("local", "/usr/lib/go-1.19/bin/go", false),
  GO_1_20("go1.20.14"),
  GO_1_21("go1.21.13"),
  GO_1_22("go1.22.12"),
  GO_1_23("go1.23.12"),
  GO_1_24("go1.24.13"),
  GO_1_25("go1.25.14"),
  GO_1_27("go1.27.4"),
  GO_1_27_PIE("go1.27.4", "go", false, "-buildmode=pie"),
  GO_1_27_CGO("go1.27.4", "go", true, "-ldflags=-linkmode=external");

  private final String release;
  private final String go;
  private final boolean cgo;
  private final List<String> options;

  Toolchain(boolean cgo, String... options) {
    this("local", "go", cgo, options);
  }

  Toolchain(String release) {
    this(release, "go", false);
  }

  Toolchain(String release, String go, boolean cgo, String... options) {
    this.release = release;
    this.go = go;
    this.cgo = cgo;
    this.options = List.of(options);
  }

  /** The executable of a program in src/test/go, stripped. */
  public Path build(String program) throws Exception {
    return build(program, "go.mod");
  }

  /**
   * The same with the modules of other versions.
   *
   * @param modules beside the program, in the form of go.mod
   */
  Path build(String program, String modules) throws Exception {
    return build(program, modules, "-s -w ");
  }

  /** Not stripped, so that it has debugging information. */
  Path buildWithSymbols(String program, String modules) throws Exception {
    return build(program, modules, "");
  }

  private Path build(String program, String modules, String strip) throws Exception {
    if (go.startsWith("/")) {
      assumeThat(Path.of(go)).exists();
    }
    String name = program + "-" + name() + "-" + modules + (strip.isEmpty() ? "-symbols" : "");
    Path executable = Path.of("target/go", name).toAbsolutePath();
    List<String> command = new ArrayList<>(List.of("env", "--chdir", "src/test/go/" + program));
    // What the host's compiler is told by default, 1.17 may not understand.
    command.add("GOFLAGS=" + (this == GO_1_17 ? "-mod=readonly" : "-buildvcs=false"));
    command.add("GOTOOLCHAIN=" + release);
    command.addAll(List.of("CGO_ENABLED=" + (cgo ? 1 : 0), go, "build"));
    command.addAll(List.of("-modfile=" + modules, "-o", executable.toString()));
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
