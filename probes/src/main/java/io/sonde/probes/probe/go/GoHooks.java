package io.sonde.probes.probe.go;

import io.sonde.probes.elf.ElfFile;
import io.sonde.probes.elf.Segment;
import io.sonde.probes.elf.go.GoBuild;
import io.sonde.probes.elf.go.GoFunction;
import io.sonde.probes.elf.go.GoFunctions;
import io.sonde.probes.elf.go.Release;
import io.sonde.probes.elf.go.UnreadableGoException;
import io.sonde.probes.probe.files.AttachPlan;
import io.sonde.probes.probe.files.GoroutineOffsets;
import io.sonde.probes.probe.files.Hook;
import io.sonde.probes.probe.files.HookFinder;
import io.sonde.probes.probe.files.Subject;
import io.sonde.probes.probe.files.UnreadableFileException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where it is seen what the goroutines of a Go program do for each other. */
final class GoHooks implements HookFinder {
  /** All places have one program, so that attaching to a file is one call of the kernel. */
  static final String PROGRAM = "on_go";

  /** Of what each thread has, Go's linker makes a word, the goroutine, right below its fs base. */
  private static final int G_OF_GO_LINKER = -Long.BYTES;

  private final List<Feature> features;

  GoHooks(List<Feature> features) {
    this.features = List.copyOf(features);
  }

  @Override
  public Subject subject() {
    return Subject.GOROUTINES;
  }

  @Override
  public Optional<AttachPlan> find(ElfFile file) throws IOException, UnreadableFileException {
    if (!GoFunctions.isGo(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(plan(file, GoBuild.of(file)));
    } catch (UnreadableGoException e) {
      throw new UnreadableFileException("its goroutines are not told apart: " + e.getMessage());
    }
  }

  private AttachPlan plan(ElfFile file, GoBuild build) throws IOException, UnreadableGoException {
    Optional<GoroutineOffsets> offsets =
        build.release().flatMap(release -> GoRuntime.offsets(release, g(file)));
    if (offsets.isEmpty()) {
      throw new UnreadableGoException(Features.GOROUTINES.unknown(build));
    }
    Map<String, List<GoFunction>> found =
        GoFunctions.of(file).named(names()).stream()
            .collect(Collectors.groupingBy(GoFunction::name));
    // features may share places
    Set<Hook> hooks = new LinkedHashSet<>(hooks(file, build, found, Features.GOROUTINES));
    List<String> missing = new ArrayList<>();
    for (Feature feature : features) {
      if (feature.isIn(found)) {
        try {
          hooks.addAll(hooks(file, build, found, feature));
        } catch (UnreadableGoException e) {
          missing.add(e.getMessage());
        }
      }
    }
    return new AttachPlan(
        "goroutines of " + build.go(),
        AttachPlan.Kind.GOROUTINES,
        List.copyOf(hooks),
        offsets,
        missing);
  }

  /** Known where nobody else has anything in what each thread has; else the kernel finds it. */
  private static int g(ElfFile file) {
    return file.segments().stream()
            .anyMatch(
                segment -> segment.type() == Segment.TLS && segment.memorySize() == Long.BYTES)
        ? G_OF_GO_LINKER
        : 0;
  }

  private Set<String> names() {
    return Stream.concat(Stream.of(Features.GOROUTINES), features.stream())
        .flatMap(feature -> feature.places().stream())
        .flatMap(Place::names)
        .collect(Collectors.toSet());
  }

  /** All that the feature needs. */
  private static List<Hook> hooks(
      ElfFile file, GoBuild build, Map<String, List<GoFunction>> found, Feature feature)
      throws IOException, UnreadableGoException {
    Release release =
        feature.release(build).orElseThrow(() -> new UnreadableGoException(feature.unknown(build)));
    List<Hook> hooks = new ArrayList<>();
    for (Place place : feature.places()) {
      List<Hook> own = place.hooks(file, found, release);
      if (own.isEmpty()) {
        throw new UnreadableGoException(
            feature.lost() + ": the compiler has left no place of " + place.functions().get(0));
      }
      hooks.addAll(own);
    }
    return hooks;
  }
}
