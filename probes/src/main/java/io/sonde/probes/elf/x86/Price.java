package io.sonde.probes.elf.x86;

/**
 * What the kernel does instead of the instruction that a uprobe replaces
 * (arch/x86/kernel/uprobes.c).
 */
public enum Price {
  /** Its effect, itself: about half a microsecond a hit. */
  EMULATED("emulated"),

  /** Lets the thread run a copy and stop again: several microseconds, 18 on a virtual machine. */
  SINGLE_STEPPED("single-stepped");

  private final String word;

  Price(String word) {
    this.word = word;
  }

  /** As in messages. */
  public String word() {
    return word;
  }
}
