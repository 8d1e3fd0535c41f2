package io.sonde.probes.capture;

import java.util.List;
import java.util.Set;

/**
 * A process that is decided upon, by the facts that rules may ask for. Asking may read /proc; what
 * cannot be read is empty.
 */
interface Candidate {
  /** In the host's pid namespace. */
  int pid();

  /** Resolved path; empty for kernel threads too, which no pattern selects. */
  String executable();

  /** Element 0 included. */
  List<String> arguments();

  /** Value of telemetry.sdk.language. */
  String language();

  String containerId();

  /** That it listens on, as far as the kernel has told. */
  Set<Integer> ports();
}
