package io.sonde.probes.probe;

import io.sonde.probes.bpf.BpfMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Tells the kernel which processes are observed: the map {@code targets}, with {@code struct
 * target} of maps.bpf.h as its values. What a process does while a decision is written is not
 * decided by it: each decision names the record that it is about, and what is younger stays
 * pending.
 */
public final class TargetTable {
  /** Of {@code struct target}: {@code decided_ns} (8), {@code selected} (4), reserved (4). */
  private static final int SIZE = 16;

  private static final int SELECTED = 8;

  private final BpfMap targets;
  private final BpfMap questions;

  /**
   * @param context of which a probe is loaded
   */
  public TargetTable(ProbeContext context) {
    targets = context.map("targets");
    questions = context.map("questions");
  }

  /**
   * Decides upon a process that runs, whatever it has done: what it does next, or has done and was
   * not decided upon, is still to be.
   */
  public void put(int pid, boolean selected) {
    ByteBuffer now = read(pid);
    write(pid, now == null ? 0 : now.getLong(0), selected);
  }

  /**
   * Decides upon what a record told. Nothing happens when the process has ended: its pid may be
   * another's soon.
   *
   * @param askedNs time of that record
   */
  public void answer(int pid, long askedNs, boolean selected) {
    if (questions.get(pid, new byte[Long.BYTES]) || read(pid) != null) {
      write(pid, askedNs, selected);
    }
  }

  /** A process has ended, and what was decided of it after its end is forgotten too. */
  public void remove(int pid) {
    targets.remove(pid);
  }

  /** Whether the last decision was to observe it. */
  public boolean isSelected(int pid) {
    ByteBuffer now = read(pid);
    return now != null && now.getInt(SELECTED) != 0;
  }

  private void write(int pid, long decidedNs, boolean selected) {
    byte[] value =
        ByteBuffer.allocate(SIZE)
            .order(ByteOrder.nativeOrder())
            .putLong(decidedNs)
            .putInt(selected ? 1 : 0)
            .array();
    targets.put(pid, value, BpfMap.Update.ANY);
  }

  private ByteBuffer read(int pid) {
    byte[] value = new byte[SIZE];
    return targets.get(pid, value) ? ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()) : null;
  }
}
