package io.sonde.server;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusException;
import io.sonde.contract.v1.CaptureMessage;
import io.sonde.contract.v1.ExplainRequest;
import io.sonde.contract.v1.ExplainedCapture;
import io.sonde.contract.v1.ProbeState;
import io.sonde.contract.v1.ProcessExited;
import io.sonde.contract.v1.ProcessStarted;
import io.sonde.contract.v1.SeenLoss;
import io.sonde.contract.v1.SeenProcess;
import io.sonde.contract.v1.SeenTls;
import io.sonde.contract.v1.Stats;
import io.sonde.contract.v1.Welcome;
import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.event.CaptureSink;
import io.sonde.pipeline.event.CaptureStarted;
import io.sonde.pipeline.event.CaptureStats;
import io.sonde.pipeline.event.ProcessSeen;
import io.sonde.server.recording.CaptureTap;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What the receiver remembers of one capture instance, over as many streams as it takes: every
 * message is taken once, in order, and those that never came are counted. Pipeline thread only.
 */
final class Session {
  private static final Logger LOG = Logger.getLogger(Session.class.getName());

  private static final int ID_BYTES = 16;
  private static final int MAX_RULES = 1000;
  private static final int MAX_RULE_LENGTH = 100;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final ByteString instanceId;
  private final CaptureStarted started;
  private final ByteString receiverId = randomId();
  private final CaptureSink sink;
  private final CaptureTap.Capture tap;
  private final ReceiverAccounts accounts;
  private final BlockFeed records;
  private CaptureStream stream;
  private Future<?> expiry;
  private long lastSequence;

  Session(
      ByteString instanceId,
      CaptureStarted started,
      CaptureSink sink,
      CaptureTap.Capture tap,
      ReceiverAccounts accounts) {
    this.instanceId = instanceId;
    this.started = started;
    this.sink = sink;
    this.tap = tap;
    this.accounts = accounts;
    this.records = new BlockFeed(sink, accounts.records());
  }

  ByteString instanceId() {
    return instanceId;
  }

  private static ByteString randomId() {
    byte[] id = new byte[ID_BYTES];
    RANDOM.nextBytes(id);
    return ByteString.copyFrom(id);
  }

  /**
   * By this a capture tells whether we still know what it has told: one that comes back after its
   * session was closed begins a new one.
   */
  Welcome welcome() {
    return Welcome.newBuilder().setReceiverId(receiverId).setLastSequence(lastSequence).build();
  }

  /** What the capture said of itself. */
  CaptureStarted started() {
    return started;
  }

  /** Of the newest message taken; 0 none. */
  long lastSequence() {
    return lastSequence;
  }

  /** As {@link CaptureSink#written}. */
  BooleanSupplier written() {
    long blocks = records.taken();
    return new BooleanSupplier() {
      private BooleanSupplier written;

      @Override
      public boolean getAsBoolean() {
        if (written == null && records.handedOn() >= blocks) {
          written = sink.written();
        }
        return written != null && written.getAsBoolean();
      }
    };
  }

  /** From now on fed by this stream; one that is still believed alive is superseded. */
  void attach(CaptureStream stream) {
    if (expiry != null) {
      expiry.cancel(false);
      expiry = null;
      resumed();
    }
    end(Status.ABORTED.withDescription("this capture instance has opened another call"));
    this.stream = stream;
  }

  /** No stream feeds it; {@code expiry} will close it unless one attaches before. */
  void detach(Future<?> expiry) {
    this.stream = null;
    this.expiry = expiry;
    disconnected();
  }

  boolean isConnected() {
    return stream != null;
  }

  void ask(ExplainRequest request) {
    if (stream != null) {
      stream.ask(request);
    }
  }

  /** What is known of the capture itself, for an answer. */
  ExplainedCapture.Builder explained() {
    ExplainedCapture.Builder capture =
        ExplainedCapture.newBuilder().setHostName(started.hostName()).setId(started.shortId());
    started
        .probes()
        .forEach(
            probe ->
                capture.addProbes(
                    ProbeState.newBuilder()
                        .setName(probe.name())
                        .setAttached(probe.attached())
                        .setReason(probe.reason())));
    return capture;
  }

  /** What the pipeline has seen of a process of this capture. */
  Optional<SeenProcess> seen(int pid) {
    return sink.seen(pid).map(Session::message);
  }

  private static SeenProcess message(ProcessSeen seen) {
    SeenProcess.Builder process =
        SeenProcess.newBuilder()
            .setPid(seen.pid())
            .setServiceName(seen.serviceName())
            .setServiceNamespace(seen.serviceNamespace())
            .setLanguage(seen.language())
            .setConnections(seen.connections())
            .setTls(
                SeenTls.newBuilder()
                    .setConnections(seen.tls().connections())
                    .setReadable(seen.tls().readable())
                    .setUnmatchedSessions(seen.tls().unmatchedSessions()))
            .putAllProtocols(seen.protocols())
            .setExchangesBegun(seen.exchangesBegun())
            .setExchangesReported(seen.exchangesReported())
            .addAllOwnExports(seen.ownExports())
            .putAllSettings(seen.settings());
    for (ProcessSeen.Loss loss : seen.losses()) {
      process.addLosses(
          SeenLoss.newBuilder()
              .setCause(loss.cause())
              .setSentence(loss.sentence())
              .setCount(loss.count()));
    }
    return process.build();
  }

  void disconnected() {
    records.settle();
    tap.disconnected();
    sink.disconnected();
  }

  void resumed() {
    tap.resumed();
    sink.resumed();
  }

  /** Ends its stream, if it has one. */
  void end(Status status) {
    if (stream != null) {
      stream.end(status);
      stream = null;
    }
  }

  void close() {
    if (expiry != null) {
      expiry.cancel(false);
    }
    records.settle();
    tap.closed();
    sink.close();
  }

  /**
   * @throws StatusException when the message breaks the contract
   */
  void take(CaptureMessage message) throws StatusException {
    long sequence = message.getSequence();
    if (sequence <= 0) {
      throw Status.INVALID_ARGUMENT
          .withDescription("a message after Hello must have a sequence from 1 on")
          .asException();
    }
    accounts.messages().in(1);
    if (sequence <= lastSequence) {
      accounts.messages().lost(LossCause.DUPLICATE, 1);
      return;
    }
    // The first message sets the start: what came before it went to another receiver.
    if (lastSequence != 0 && sequence != lastSequence + 1) {
      missing(sequence - lastSequence - 1);
    }
    lastSequence = sequence;
    // An answer to a question is no part of what happened, so it is not recorded.
    tap.message(
        message.hasExplainAnswer() ? message.toBuilder().clearExplainAnswer().build() : message);
    try {
      deliver(message);
      accounts.messages().out(1);
    } catch (RuntimeException e) {
      // Sent again it would fail again: count it and go on.
      accounts.messages().lost(LossCause.INTERNAL_ERROR, 1);
      LOG.log(Level.SEVERE, "A message of capture " + this + " could not be handled", e);
    }
  }

  private void missing(long messages) {
    accounts.messages().in(messages);
    accounts.messages().lost(LossCause.RECORD_LOST, messages);
    LOG.log(
        Level.WARNING,
        "{0} messages of capture {1} were lost on the way",
        new Object[] {Long.toString(messages), this});
    sink.lost(LossCause.RECORD_LOST.label(), -1);
  }

  private void deliver(CaptureMessage message) throws StatusException {
    if (!message.hasBlock()) {
      records.settle();
    }
    switch (message.getMessageCase()) {
      case BLOCK -> records.take(message.getBlock());
      case PROCESS_STARTED -> processStarted(message.getProcessStarted());
      case PROCESS_EXITED -> processExited(message.getProcessExited());
      case STATS -> stats(message.getStats());
      case EXPLAIN_ANSWER -> {
        // For whoever asked: CaptureStream hands it on.
      }
      case HELLO ->
          throw Status.INVALID_ARGUMENT.withDescription("a second Hello in a call").asException();
      case MESSAGE_NOT_SET -> {
        // A kind added to the contract after this release: nothing in it concerns us.
      }
    }
  }

  private void processStarted(ProcessStarted process) {
    sink.processStarted(
        new io.sonde.pipeline.event.ProcessStarted(
            process.getPid(),
            process.getStartNs(),
            process.getParentPid(),
            process.getUid(),
            process.getNamespacePid(),
            process.getExecutable(),
            process.getArgumentsList(),
            process.getWorkingDirectory(),
            process.getLanguage(),
            process.getContainerId(),
            process.getPodUid(),
            process.getNetns(),
            Map.copyOf(process.getEnvironmentMap()),
            selectedBy(process)));
  }

  /** Of a capture that may tell anything: no more than a configuration can have. */
  private static List<String> selectedBy(ProcessStarted process) {
    return process.getSelectedByList().stream().limit(MAX_RULES).map(Session::cut).toList();
  }

  private static String cut(String rule) {
    return rule.length() <= MAX_RULE_LENGTH ? rule : rule.substring(0, MAX_RULE_LENGTH);
  }

  private void processExited(ProcessExited process) {
    sink.processExited(
        new io.sonde.pipeline.event.ProcessExited(
            process.getPid(), process.getStartNs(), process.getTimeNs()));
  }

  private void stats(Stats stats) {
    sink.stats(
        new CaptureStats(
            stats.getTimeNs(), stats.getRealtimeOffsetNs(), Map.copyOf(stats.getCountersMap())));
  }

  static String hex(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }

  /** Enough of the instance id to tell captures apart in a log. */
  @Override
  public String toString() {
    return hex(instanceId.substring(0, Math.min(4, instanceId.size())));
  }
}
