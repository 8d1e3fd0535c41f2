package io.sonde.probes.probe.go;

import io.sonde.probes.probe.Settings;
import io.sonde.probes.probe.files.FilePrograms;
import io.sonde.probes.probe.files.HookFinder;
import java.util.List;
import java.util.stream.Stream;

/** What the goroutines of Go programs do for each other. */
public final class GoProbe extends FilePrograms {
  public GoProbe() {
    super("goroutine.bpf.o", List.of(GoHooks.PROGRAM));
  }

  @Override
  protected List<HookFinder> finders(Settings settings) {
    List<Feature> routes = settings.goRoutes() ? Features.ROUTES : List.of();
    return List.of(
        new GoHooks(Stream.concat(Features.REQUESTS.stream(), routes.stream()).toList()));
  }

  @Override
  public boolean isWanted(Settings settings) {
    return settings.goroutines();
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
