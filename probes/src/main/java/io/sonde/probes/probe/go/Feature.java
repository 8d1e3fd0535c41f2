package io.sonde.probes.probe.go;

import io.sonde.probes.elf.go.GoBuild;
import io.sonde.probes.elf.go.GoFunction;
import io.sonde.probes.elf.go.Release;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Something of a Go program that is told of, for which all of its places are needed.
 *
 * @param lost what users lose without it, as the begin of a sentence
 * @param library its module; empty: Go itself
 * @param oldest release of that whose layout was looked at
 * @param newest release of that
 * @param places at least one; the first is in every program that has the feature
 */
record Feature(String lost, String library, Release oldest, Release newest, List<Place> places) {
  boolean isIn(Map<String, List<GoFunction>> functions) {
    return places.get(0).isIn(functions);
  }

  /** The release that the program has of it; empty when that is not one that was looked at. */
  Optional<Release> release(GoBuild build) {
    return (library.isEmpty() ? build.release() : build.release(library))
        .filter(release -> release.isIn(oldest, newest));
  }

  /** Why it is left out, as a part of a sentence. */
  String unknown(GoBuild build) {
    String version = library.isEmpty() ? build.go() : build.modules().getOrDefault(library, "");
    return "%s: Sonde knows %s %s to %s, and this is %s"
        .formatted(
            lost,
            library.isEmpty() ? "Go" : library,
            oldest,
            newest,
            version.isEmpty() ? "one that does not say its version" : version);
  }
}
