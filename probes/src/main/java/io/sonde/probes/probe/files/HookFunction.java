package io.sonde.probes.probe.files;

/** What a hooked function does, as the programs number it. */
public interface HookFunction {
  /** As in the C header, 1..65535. */
  int number();
}
