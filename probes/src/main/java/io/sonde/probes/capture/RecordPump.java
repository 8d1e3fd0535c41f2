package io.sonde.probes.capture;

import io.sonde.contract.RecordLayout;
import io.sonde.contract.v1.CaptureMessage;
import io.sonde.contract.v1.ProcessExited;
import io.sonde.contract.v1.ProcessStarted;
import io.sonde.probes.bpf.BpfException;
import io.sonde.probes.bpf.RingBuffer;
import io.sonde.probes.probe.files.FileTracking;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.logging.Logger;

/**
 * Takes records off the ring buffer: those of processes are acted upon, all others are copied
 * unread into blocks. Facts of a process go out before its first record.
 */
final class RecordPump implements RingBuffer.Reader {
  private static final Logger LOG = Logger.getLogger(RecordPump.class.getName());
  private static final int BLOCK_BYTES = 128 * 1024;
  private static final int IDENTITIES_BYTES = 32 * 1024;
  private static final int FIRST_PROCESS_KIND = ProcessRecord.EXEC;

  private final Outbox outbox;
  private final Targets targets;
  private final KnownProcesses processes;
  private final FileTracking files;
  private final BlockBuilder block = new BlockBuilder(BLOCK_BYTES);
  private final BlockBuilder identities = new BlockBuilder(IDENTITIES_BYTES);
  private boolean announcing;
  private long ofProcesses;
  private long ofClosing;
  private long forReceiver;
  private long notSelected;
  private long failedScans;

  RecordPump(Outbox outbox, Targets targets, KnownProcesses processes, FileTracking files) {
    this.outbox = outbox;
    this.targets = targets;
    this.processes = processes;
    this.files = files;
  }

  @Override
  public boolean read(ByteBuffer data, int offset, int length) {
    int kind = Short.toUnsignedInt(data.getShort(offset + RecordLayout.Header.KIND));
    if (kind >= FIRST_PROCESS_KIND) {
      if (!outbox.hasRoom()) {
        return false; // stays in the ring: it is acted upon once
      }
      ofProcesses++;
      actUpon(kind, new ProcessRecord(data, offset));
      return true;
    }
    int pid = data.getInt(offset + RecordLayout.Header.TGID);
    int flags = data.getShort(offset + RecordLayout.Header.FLAGS);
    if ((flags & RecordLayout.Flag.PENDING) != 0 && !targets.keepsPending(pid)) {
      notSelected++;
      return true;
    }
    boolean used =
        kind == RecordLayout.Kind.ACTIVITY
            || kind == RecordLayout.Kind.PLAINTEXT
            || kind == RecordLayout.Kind.GOROUTINE;
    if (used && !processes.contains(pid)) {
      tell(processes.meet(pid));
    }
    boolean closing = (flags & RecordLayout.Flag.CLOSING) != 0;
    boolean introduces = closing || announcing && kind == RecordLayout.Kind.CONNECTION;
    BlockBuilder to = introduces ? identities : block;
    if (!to.append(data, offset, length)) {
      flush();
      if (!outbox.hasRoom()) {
        return false; // stays in the ring
      }
      to.append(data, offset, length);
    }
    if (closing) {
      ofClosing++;
    }
    return true;
  }

  /**
   * While this holds, the identity of a connection goes with what introduces the next block instead
   * of into it: it has to reach the receiver before all that is older than the announcement.
   */
  void announcing(boolean announcing) {
    this.announcing = announcing;
  }

  private void actUpon(int kind, ProcessRecord process) {
    switch (kind) {
      case ProcessRecord.EXEC -> executed(process);
      case ProcessRecord.FORK -> {
        targets.forked(process);
        processes.forked(process.pid(), process.startNs(), process.parentPid());
      }
      case ProcessRecord.EXIT -> exited(process);
      case ProcessRecord.LISTEN -> listening(process);
      case ProcessRecord.TLS_SEEN -> {
        Decision decision = targets.decision(process.pid());
        if (decision.selected() && decision.tls()) {
          files.seen(process.pid());
        }
      }
      default -> throw new IllegalStateException("record kind " + kind + " in the ring buffer");
    }
  }

  private void executed(ProcessRecord exec) {
    Optional<ProcessStarted> before = processes.forget(exec.pid());
    try {
      targets
          .executed(exec, before.isPresent())
          .map(processes::remember)
          .ifPresent(now -> tell(now, before));
    } catch (BpfException e) {
      failedScans++;
      LOG.warning(
          () -> "sockets of pid " + exec.pid() + " cannot be looked for: " + e.getMessage());
    }
  }

  private void exited(ProcessRecord exit) {
    targets.exited(exit.pid());
    processes.forget(exit.pid()).ifPresent(known -> tellExited(known, exit.timeNs()));
  }

  private void tellExited(ProcessStarted process, long timeNs) {
    flush();
    outbox.add(
        new Outbox.Item(
            CaptureMessage.newBuilder()
                .setProcessExited(
                    ProcessExited.newBuilder()
                        .setPid(process.getPid())
                        .setStartNs(process.getStartNs())
                        .setTimeNs(timeNs))
                .build(),
            0,
            Optional.of(started(process))));
  }

  private void listening(ProcessRecord listen) {
    int pid = listen.pid();
    try {
      boolean changed = targets.listening(listen);
      Decision decision = targets.decision(pid);
      if (!decision.selected()) {
        // for the receiver it is as if it had ended: nothing more is told of it
        processes.forget(pid).ifPresent(known -> tellExited(known, listen.timeNs()));
      } else if (!processes.contains(pid)) {
        tell(processes.meet(pid));
      } else if (changed) {
        tell(processes.selectedAnew(pid));
      }
    } catch (BpfException e) {
      failedScans++;
      LOG.warning(() -> "sockets of pid " + pid + " cannot be looked for: " + e.getMessage());
    }
  }

  private void tell(ProcessStarted process) {
    tell(process, Optional.empty());
  }

  /**
   * @param before what it was until it executed another program
   */
  private void tell(ProcessStarted process, Optional<ProcessStarted> before) {
    flush();
    outbox.add(new Outbox.Item(started(process), 0, before.map(RecordPump::started)));
    LOG.info(
        () ->
            "observing pid "
                + process.getPid()
                + " "
                + process.getExecutable()
                + " "
                + process.getLanguage());
  }

  private static CaptureMessage started(ProcessStarted process) {
    return CaptureMessage.newBuilder().setProcessStarted(process).build();
  }

  /** Moves what was collected into the outbox. */
  void flush() {
    if (block.isEmpty() && identities.isEmpty()) {
      return;
    }
    Optional<CaptureMessage> introduction =
        identities.isEmpty() ? Optional.empty() : Optional.of(message(identities));
    int records = block.count();
    forReceiver += records;
    outbox.add(new Outbox.Item(message(block), records, introduction));
  }

  private static CaptureMessage message(BlockBuilder records) {
    return CaptureMessage.newBuilder().setBlock(records.build()).build();
  }

  /**
   * Records that were acted upon here: every one taken off the ring is one of the next four, or
   * still in the block.
   */
  long ofProcesses() {
    return ofProcesses;
  }

  /** Identities of closing connections, kept here as long as their last records are. */
  long ofClosing() {
    return ofClosing;
  }

  /** Records put into blocks for the receiver. */
  long forReceiver() {
    return forReceiver;
  }

  /** Records that were dropped because their process turned out not to be selected. */
  long notSelected() {
    return notSelected;
  }

  /** Times that inherited sockets could not be looked for. */
  long failedScans() {
    return failedScans;
  }
}
