package io.sonde.pipeline.routes;

import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.identity.RouteSettings;
import io.sonde.pipeline.identity.ServiceOverrides.Export;
import java.util.EnumSet;
import java.util.Set;

/** Settings, ready to be asked. Immutable; safe for many threads. */
final class RouteRules {
  private final RouteSettings settings;
  private final PatternTrie incoming;
  private final PatternTrie outgoing;
  private final PatternTrie ignored;
  private final Set<Export> ignoredFor;

  RouteRules(RouteSettings settings) {
    this.settings = settings;
    this.incoming = new PatternTrie(settings.incoming());
    this.outgoing = new PatternTrie(settings.outgoing());
    this.ignored = new PatternTrie(settings.ignored());
    this.ignoredFor =
        switch (settings.ignoreMode()) {
          case ALL -> Set.copyOf(EnumSet.allOf(Export.class));
          case METRICS -> Set.of(Export.METRICS);
          case TRACES -> Set.of(Export.TRACES);
        };
  }

  RouteSettings settings() {
    return settings;
  }

  /** The pattern that matches; null when none does. */
  String pattern(Role role, String path) {
    return (role == Role.SERVER ? incoming : outgoing).find(path);
  }

  /** The signals that are to tell nothing of the path; nearly always none. */
  Set<Export> ignoredFor(String path) {
    return ignored.find(path) == null ? Set.of() : ignoredFor;
  }
}
