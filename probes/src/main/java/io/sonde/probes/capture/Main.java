package io.sonde.probes.capture;

import io.sonde.contract.log.LogFormat;
import io.sonde.probes.bpf.BpfException;
import io.sonde.probes.bpf.RingBuffer;
import io.sonde.probes.host.HostFacts;
import io.sonde.probes.host.PidNamespace;
import io.sonde.probes.host.ProcFs;
import io.sonde.probes.host.UnfitHostException;
import io.sonde.probes.probe.ProbeContext;
import io.sonde.probes.probe.Probes;
import io.sonde.probes.probe.Settings;
import io.sonde.probes.probe.TargetTable;
import io.sonde.probes.probe.files.FileTracking;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The capture process. Options come on standard input ({@link CaptureOptions}). Exit codes: 0 after
 * SIGTERM or SIGINT, 2 for options that cannot be understood, 3 when this host cannot run it, 1 for
 * a defect.
 */
public final class Main {
  private static final Logger LOG = Logger.getLogger(Main.class.getName());
  private static final int DEFECT = 1;
  private static final int BAD_OPTIONS = 2;
  private static final int BAD_ENVIRONMENT = 3;
  private static final int OUTBOX_BYTES = 4 * 1024 * 1024;
  private static final int IDLE_MS = 100;

  private Main() {}

  public static void main(String[] args) {
    LogSetup.start(Level.INFO, LogFormat.TEXT);
    Termination termination = new Termination();
    termination.finish(run(termination));
  }

  private static int run(Termination termination) {
    try {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      Optional<CaptureOptions> options = CaptureOptions.read(in);
      if (options.isEmpty()) {
        LOG.fine("standard input ended before the options did: not starting");
        return BAD_OPTIONS;
      }
      LogSetup.start(options.get().logLevel(), options.get().logFormat());
      capture(options.get(), in, termination);
      return 0;
    } catch (OptionException e) {
      LOG.severe(e.getMessage());
      return BAD_OPTIONS;
    } catch (IOException e) {
      LOG.severe("options cannot be read: " + e.getMessage());
      return BAD_OPTIONS;
    } catch (BpfException | UnfitHostException e) {
      LOG.severe(e.getMessage());
      return BAD_ENVIRONMENT;
    } catch (RuntimeException | LinkageError e) {
      LOG.log(Level.SEVERE, "a defect in Sonde, please report it", e);
      return DEFECT;
    }
  }

  private static void capture(CaptureOptions options, BufferedReader in, Termination termination)
      throws BpfException, UnfitHostException {
    Thread agentThread = Thread.currentThread();
    int ownPid = (int) ProcessHandle.current().pid();
    PidNamespace.requireInitial(ownPid);
    ProbeContext context =
        new ProbeContext(
            new Settings(
                options.requestBytes(),
                options.responseBytes(),
                options.maxConnections(),
                options.selection().looksAtExec(),
                ownPid,
                IDLE_MS,
                options.tls(),
                options.goroutines(),
                options.goRoutes()),
            options.ringBytes());
    // meanwhile, since loading gRPC takes as long as attaching
    CompletableFuture<ReceiverLink> connecting =
        CompletableFuture.supplyAsync(
            () -> ReceiverLink.connect(options.socket(), () -> LockSupport.unpark(agentThread)));
    try (Probes probes = Probes.attach(context);
        RingBuffer ring = new RingBuffer(context.map("ring"), options.ringBytes());
        FileTracking files = probes.trackFiles(context);
        ReceiverLink link = connecting.join()) {
      ProcFs proc = new ProcFs();
      Targets targets =
          new Targets(
              options.selection(),
              new TargetTable(context),
              probes.existing(),
              files,
              proc,
              ownPid);
      Targets.writePorts(options.selection(), context.map("ports"));
      targets.selectRunning();
      Outbox outbox = new Outbox(OUTBOX_BYTES);
      KnownProcesses processes =
          new KnownProcesses(proc, pid -> targets.decision(pid).selectedBy());
      RecordPump pump = new RecordPump(outbox, targets, processes, files);
      CaptureTotals totals = new CaptureTotals(context.map("counters"), probes, files, pump);
      HostFacts host = HostFacts.read().named(options.hostName());
      CaptureAgent agent =
          new CaptureAgent(
              host,
              ring,
              outbox,
              pump,
              processes,
              probes,
              totals,
              link,
              new Explainer(targets::selection, targets::decision, probes.existing(), files, proc),
              files.lookedAt());
      Reload reload = new Reload(in, options, targets, processes, outbox, context.map("ports"));
      agent.atEachTick(reload::takeOn);
      reload.start();
      termination.watch(agent);
      LOG.info(
          () ->
              "capturing; probes "
                  + probes.statuses().stream()
                      .map(status -> status.name() + (status.attached() ? "" : " (off)"))
                      .toList());
      agent.run();
    }
  }
}
