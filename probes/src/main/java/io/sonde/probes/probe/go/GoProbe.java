package io.sonde.probes.probe.go;

import io.sonde.probes.probe.files.FilePrograms;
import java.util.List;
import java.util.stream.Stream;

/** What the goroutines of Go programs do for each other. */
public final class GoProbe extends FilePrograms {
  public GoProbe() {
    super(
        "goroutine.bpf.o",
        List.of(GoHooks.PROGRAM),
        List.of(
            new GoHooks(
                Stream.concat(Features.REQUESTS.stream(), Features.ROUTES.stream()).toList())));
  }

  @Override
  public String name() {
    return "goroutine";
  }

  @Override
  public String lostWithout() {
    return "which request of a Go program made another one is not known, nor by which route of its"
        + " framework it was served";
  }
}
