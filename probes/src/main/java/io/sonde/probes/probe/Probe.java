package io.sonde.probes.probe;

import io.sonde.probes.bpf.BpfException;
import io.sonde.probes.bpf.BpfObject;

/** A BPF object and how to attach it. */
public interface Probe {
  /** As in messages and self-metrics, lower case. */
  String name();

  /** Without an essential probe there is nothing to capture: the process ends. */
  boolean essential();

  /** What users lose when it cannot be attached, as the end of a sentence. */
  String lostWithout();

  /** Whether it is of use with these settings; if not, it is not there. */
  default boolean isWanted(Settings settings) {
    return true;
  }

  /**
   * Loads and attaches; on failure nothing stays behind.
   *
   * @throws BpfException with the reason, when the kernel refuses
   */
  BpfObject attach(ProbeContext context) throws BpfException;
}
