package io.sonde.probes.capture;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.sonde.contract.RecordLayout;
import io.sonde.contract.v1.CaptureMessage;
import io.sonde.contract.v1.ExplainRequest;
import io.sonde.contract.v1.Hello;
import io.sonde.contract.v1.ProbeState;
import io.sonde.contract.v1.Welcome;
import io.sonde.probes.bpf.BpfException;
import io.sonde.probes.bpf.RingBuffer;
import io.sonde.probes.host.HostFacts;
import io.sonde.probes.probe.Probes;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Logger;

/**
 * The one thread of the capture process: empties the ring buffer, keeps the call to the receiver,
 * and does what is due. It ticks instead of being woken per record, which costs the observed
 * programs nothing.
 */
final class CaptureAgent {
  private static final Logger LOG = Logger.getLogger(CaptureAgent.class.getName());
  private static final long BUSY_TICK_NS = Duration.ofMillis(4).toNanos();
  private static final long IDLE_TICK_NS = Duration.ofMillis(15).toNanos();
  private static final long FULL_TICK_NS = Duration.ofMillis(1).toNanos();
  private static final long SWEEP_NS = Duration.ofMillis(100).toNanos();

  /**
   * A sweep over very many connections comes more rarely: it takes one part in so many of a CPU at
   * most.
   */
  private static final int SWEEP_SHARE = 50;

  private static final long STATS_NS = Duration.ofSeconds(1).toNanos();

  /** A receiver that is just starting, or restarting, is nothing to speak of. */
  private static final long PATIENCE_NS = Duration.ofSeconds(2).toNanos();

  /** Programs that run already have files of some MB each; most are read within ms. */
  private static final long FIRST_LOOK_NS = Duration.ofSeconds(10).toNanos();

  private static final long FIRST_RETRY_NS = Duration.ofMillis(50).toNanos();
  private static final long MAX_RETRY_NS = Duration.ofMillis(500).toNanos();
  private static final long FLUSH_NS = Duration.ofSeconds(3).toNanos();
  private static final int INSTANCE_ID_BYTES = 16;

  private final RingBuffer ring;
  private final Outbox outbox;
  private final RecordPump pump;
  private final KnownProcesses processes;
  private final Probes probes;
  private final CaptureTotals totals;
  private final ReceiverLink link;
  private final Explainer explainer;
  private final CompletableFuture<Void> firstLook;
  private final Hello hello;

  private Runnable eachTick = () -> {};
  private volatile boolean stopping;
  private ByteString receiver = ByteString.EMPTY;
  private boolean welcomed;
  private boolean complained;
  private final long startedAt = System.nanoTime();
  private long absentSince = startedAt;
  private long retryNs = FIRST_RETRY_NS;
  private long nextOpen = System.nanoTime();
  private long nextDrain = System.nanoTime();
  private long nextSweep = System.nanoTime();
  private long nextStats = System.nanoTime();

  /**
   * @param host who we say we are
   * @param firstLook done when the files of the programs that run already are hooked
   */
  CaptureAgent(
      HostFacts host,
      RingBuffer ring,
      Outbox outbox,
      RecordPump pump,
      KnownProcesses processes,
      Probes probes,
      CaptureTotals totals,
      ReceiverLink link,
      Explainer explainer,
      CompletableFuture<Void> firstLook) {
    this.ring = ring;
    this.outbox = outbox;
    this.pump = pump;
    this.processes = processes;
    this.probes = probes;
    this.totals = totals;
    this.link = link;
    this.explainer = explainer;
    this.firstLook = firstLook;
    this.hello = hello(host, probes);
  }

  private static Hello hello(HostFacts host, Probes probes) {
    byte[] id = new byte[INSTANCE_ID_BYTES];
    new SecureRandom().nextBytes(id);
    Hello.Builder hello =
        Hello.newBuilder()
            .setLayoutVersion(RecordLayout.LAYOUT_VERSION)
            .setInstanceId(ByteString.copyFrom(id))
            .setHostName(host.hostName())
            .setMachineId(host.machineId())
            .setBootId(host.bootId())
            .setKernelRelease(host.kernelRelease())
            .setPid((int) ProcessHandle.current().pid());
    probes
        .statuses()
        .forEach(
            status ->
                hello.addProbes(
                    ProbeState.newBuilder()
                        .setName(status.name())
                        .setAttached(status.attached())
                        .setReason(status.reason())));
    return hello.build();
  }

  /** To be done now and then on the agent's thread; before it runs. */
  void atEachTick(Runnable task) {
    eachTick = task;
  }

  /** Runs until {@link #stop}; then sends what is left, within a bounded time. */
  void run() throws BpfException {
    while (!stopping) {
      eachTick.run();
      long now = System.nanoTime();
      if (now - nextSweep >= 0) {
        probes.sweep().summarise();
        long took = System.nanoTime() - now;
        nextSweep = now + Math.max(SWEEP_NS, took * SWEEP_SHARE);
      }
      turn(now);
      LockSupport.parkNanos(nextDrain - System.nanoTime());
    }
    flush();
  }

  void stop() {
    stopping = true;
  }

  /**
   * gRPC wakes the thread between two ticks: then only what waits is sent, so that blocks stay
   * large.
   */
  private void turn(long now) throws BpfException {
    keepCall(now);
    if (now - nextDrain >= 0) {
      drain(now);
    }
    if (now - nextStats >= 0 && welcomed) {
      nextStats = now + STATS_NS;
      outbox.add(new Outbox.Item(CaptureMessage.newBuilder().setStats(totals.read()), 0));
    }
    ExplainRequest question = link.takeQuestion();
    if (question != null) {
      drain(now); // what is told of the process by then is of the same moment
      outbox.add(
          new Outbox.Item(
              CaptureMessage.newBuilder().setExplainAnswer(explainer.answer(question)), 0));
    }
    send();
  }

  private void drain(long now) {
    int taken = outbox.hasRoom() ? ring.drain(pump) : 0;
    pump.flush();
    if (outbox.hasRoom()) {
      nextDrain = now + (taken > 0 ? BUSY_TICK_NS : IDLE_TICK_NS);
    } else {
      nextDrain = now + FULL_TICK_NS;
    }
  }

  private void send() {
    if (!welcomed) {
      return;
    }
    outbox.acknowledge(link.acknowledged());
    while (outbox.hasUnsent() && link.isReady()) {
      outbox.sendNext(link::send);
    }
  }

  private void keepCall(long now) throws BpfException {
    if (!link.isOpen()) {
      if (now - nextOpen >= 0 && hasLooked(now)) {
        link.open(
            hello.toBuilder()
                .setRealtimeOffsetNs(HostFacts.realtimeOffsetNs())
                .setOldestSequence(outbox.oldestSequence())
                .build());
      }
    } else if (link.ended().isPresent()) {
      ended(link.ended().get(), now);
    } else if (!welcomed && link.welcome().isPresent()) {
      welcomed(link.welcome().get());
    }
  }

  /** Whoever is told that a probe is attached relies on it for the programs that run already. */
  private boolean hasLooked(long now) {
    if (firstLook.isDone()) {
      return true;
    }
    if (now - startedAt < FIRST_LOOK_NS) {
      return false;
    }
    firstLook.cancel(false);
    LOG.warning(
        "the files of some programs that run already are not hooked yet, so many there are: their"
            + " TLS and their goroutines are seen later");
    return true;
  }

  private void ended(Status status, long now) {
    if (welcomed) {
      outbox.acknowledge(link.acknowledged());
    }
    if (welcomed) {
      absentSince = now;
    }
    boolean refused = status.getCode() != Status.Code.UNAVAILABLE;
    if (!complained && (refused || now - absentSince >= PATIENCE_NS)) {
      complained = true;
      LOG.warning(
          () ->
              "no receiver: "
                  + status.getCode()
                  + " "
                  + status.getDescription()
                  + "; trying again, nothing is lost while the buffers hold");
    }
    welcomed = false;
    link.forget();
    nextOpen = now + retryNs;
    retryNs = Math.min(retryNs * 2, MAX_RETRY_NS);
  }

  private void welcomed(Welcome welcome) throws BpfException {
    if (welcome.getReceiverId().equals(receiver)) {
      outbox.resumeAfter(welcome.getLastSequence());
    } else {
      startOver();
      receiver = welcome.getReceiverId();
    }
    welcomed = true;
    complained = false;
    retryNs = FIRST_RETRY_NS;
    totals.reconnected();
    LOG.info("connected to the receiver");
  }

  /**
   * A receiver that knows nothing: first it is told all processes and connections, also those that
   * went while it was away, then what was kept for it.
   */
  private void startOver() throws BpfException {
    totals.lostToRestart(outbox.giveUpSent());
    if (receiver.isEmpty()) {
      return; // the first one: all that was ever told is still in the outbox
    }
    ring.drain(pump);
    pump.flush();
    List<Outbox.Item> kept = outbox.takeUnsent(); // it makes room for what is announced
    pump.announcing(true);
    probes.sweep().announce();
    ring.drain(pump);
    pump.flush();
    pump.announcing(false);
    kept.addAll(outbox.takeUnsent());
    Introductions introductions = new Introductions(kept, processes.all());
    introductions.processes().forEach(outbox::add);
    introductions.connections().forEach(outbox::add);
    kept.forEach(outbox::add);
  }

  private void flush() throws BpfException {
    long deadline = System.nanoTime() + FLUSH_NS;
    probes.sweep().summarise();
    do {
      turn(System.nanoTime());
      LockSupport.parkNanos(BUSY_TICK_NS);
    } while (welcomed && !outbox.isEmpty() && System.nanoTime() - deadline < 0);
    if (!outbox.isEmpty()) {
      LOG.warning("ending with records that the receiver has not acknowledged");
    }
  }
}
