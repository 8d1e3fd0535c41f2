package io.sonde.probes.capture;

import io.sonde.contract.v1.CaptureMessage;
import io.sonde.contract.v1.ProcessStarted;
import io.sonde.probes.bpf.BpfException;
import io.sonde.probes.bpf.BpfMap;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Options that come while the capture runs: read by a thread of their own, checked whole, and taken
 * on by the agent's. No probe is detached for them.
 */
final class Reload {
  private static final Logger LOG = Logger.getLogger(Reload.class.getName());

  private final AtomicReference<CaptureOptions> waiting = new AtomicReference<>();
  private final BufferedReader in;
  private final Targets targets;
  private final KnownProcesses processes;
  private final Outbox outbox;
  private final BpfMap ports;
  private final boolean looksAtExec;
  private CaptureOptions current;

  /**
   * @param in from where {@code current} were read
   */
  Reload(
      BufferedReader in,
      CaptureOptions current,
      Targets targets,
      KnownProcesses processes,
      Outbox outbox,
      BpfMap ports) {
    this.in = in;
    this.current = current;
    this.targets = targets;
    this.processes = processes;
    this.outbox = outbox;
    this.ports = ports;
    this.looksAtExec = current.selection().looksAtExec();
  }

  /** Reads from now on, until the input ends. */
  void start() {
    Thread thread = new Thread(this::read, "options");
    thread.setDaemon(true);
    thread.start();
  }

  private void read() {
    for (boolean more = true; more; ) {
      try {
        Optional<CaptureOptions> next = CaptureOptions.read(in);
        next.ifPresent(waiting::set);
        more = next.isPresent();
      } catch (OptionException e) {
        LOG.severe("new options are not valid, nothing is changed: " + e.getMessage());
      } catch (IOException e) {
        LOG.log(Level.WARNING, "no more options can be read", e);
        more = false;
      }
    }
  }

  /** On the agent's thread: takes on what has come, if anything has. */
  void takeOn() {
    CaptureOptions next = waiting.getAndSet(null);
    if (next == null) {
      return;
    }
    LogSetup.start(next.logLevel(), next.logFormat());
    List<String> fixed = current.fixed(next);
    if (!fixed.isEmpty()) {
      LOG.warning(() -> "changed options that take a restart, not applied: " + fixed);
    }
    if (next.selection().looksAtExec() && !looksAtExec) {
      LOG.warning(
          "rules by what a process is do not see programs that are started from now on, since there"
              + " were none at the start: restart capture for that");
    }
    try {
      targets.select(next.selection(), ports);
      for (ProcessStarted process : processes.describeAnew()) {
        outbox.add(new Outbox.Item(CaptureMessage.newBuilder().setProcessStarted(process), 0));
      }
      LOG.info("observing by the new options");
    } catch (BpfException e) {
      LOG.log(Level.SEVERE, "the new selection could not be told to the kernel", e);
    }
    current = next;
  }
}
