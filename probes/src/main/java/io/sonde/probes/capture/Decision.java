package io.sonde.probes.capture;

import java.util.List;
import java.util.Optional;

/**
 * Whether a process is observed, and by which rules.
 *
 * @param selectedBy ids of the rules that select it, in the order of the configuration
 * @param excludedBy id of the first rule that excludes it, which counts more; not looked for where
 *     no rule selects it
 * @param tls whether TLS libraries are to be hooked for it, if it is observed: as the last of the
 *     rules that select it and say so have it
 */
record Decision(List<String> selectedBy, Optional<String> excludedBy, boolean tls) {
  static final Decision NO = new Decision(List.of(), Optional.empty(), false);

  Decision {
    selectedBy = List.copyOf(selectedBy);
  }

  boolean selected() {
    return !selectedBy.isEmpty() && excludedBy.isEmpty();
  }
}
