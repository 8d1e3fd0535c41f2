package io.sonde.server;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusException;
import io.sonde.contract.RecordLayout;
import io.sonde.contract.v1.CaptureMessage;
import io.sonde.contract.v1.ExplainAnswer;
import io.sonde.contract.v1.ExplainQuestion;
import io.sonde.contract.v1.ExplainReport;
import io.sonde.contract.v1.Hello;
import io.sonde.pipeline.event.CaptureSink;
import io.sonde.pipeline.event.CaptureStarted;
import io.sonde.server.recording.CaptureTap;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The capture instances known to this receiver, by instance id. Pipeline thread only. */
final class Sessions {
  private static final Logger LOG = Logger.getLogger(Sessions.class.getName());
  private static final int MAX_INSTANCE_ID_BYTES = 64;

  /** Linux allows 64 for a host's name, DNS 253. */
  private static final int MAX_NAME_LENGTH = 255;

  /** Bounds our memory: each may have {@link CaptureStream#MESSAGES_IN_FLIGHT} messages queued. */
  private static final int MAX_SESSIONS = 16;

  private final Function<CaptureStarted, CaptureSink> pipeline;
  private final CaptureTap tap;
  private final ReceiverAccounts accounts;
  private final PipelineThread pipelineThread;
  private final Duration resumeGrace;
  private final Map<ByteString, Session> byInstance = new HashMap<>();
  private final Explanations explanations;

  Sessions(
      Function<CaptureStarted, CaptureSink> pipeline,
      CaptureTap tap,
      ReceiverAccounts accounts,
      PipelineThread pipelineThread,
      Duration resumeGrace) {
    this.pipeline = pipeline;
    this.tap = tap;
    this.accounts = accounts;
    this.pipelineThread = pipelineThread;
    this.resumeGrace = resumeGrace;
    this.explanations = new Explanations(pipelineThread);
  }

  /**
   * Answers the first message of a stream: the session of that capture instance, known or new.
   *
   * @throws StatusException with what the capture is to be told when it cannot be served
   */
  Session open(CaptureMessage first, CaptureStream stream) throws StatusException {
    if (!first.hasHello()) {
      throw Status.INVALID_ARGUMENT
          .withDescription("the first message of a call must be a Hello")
          .asException();
    }
    Hello hello = first.getHello();
    check(hello);
    Session session = byInstance.get(hello.getInstanceId());
    if (session == null) {
      if (byInstance.size() >= MAX_SESSIONS) {
        throw Status.RESOURCE_EXHAUSTED
            .withDescription("this receiver serves " + MAX_SESSIONS + " captures already")
            .asException();
      }
      CaptureStarted started = started(hello);
      warnOfNamesake(started);
      session =
          new Session(
              hello.getInstanceId(), started, pipeline.apply(started), tap.opened(first), accounts);
      byInstance.put(hello.getInstanceId(), session);
    }
    session.attach(stream);
    LOG.log(
        Level.INFO,
        "capture {0} on {1} (pid {2}, kernel {3}) is connected",
        new Object[] {
          session, hello.getHostName(), Integer.toString(hello.getPid()), hello.getKernelRelease()
        });
    return session;
  }

  /**
   * @throws StatusException with what the capture is to be told when it cannot be served
   */
  static void check(Hello hello) throws StatusException {
    if (hello.getLayoutVersion() < RecordLayout.OLDEST_LAYOUT_VERSION
        || hello.getLayoutVersion() > RecordLayout.LAYOUT_VERSION) {
      throw Status.FAILED_PRECONDITION
          .withDescription(
              "the capture process writes records of layout version "
                  + Integer.toUnsignedString(hello.getLayoutVersion())
                  + ", this receiver reads versions "
                  + RecordLayout.OLDEST_LAYOUT_VERSION
                  + " to "
                  + RecordLayout.LAYOUT_VERSION
                  + ": install the same release of Sonde on both sides")
          .asException();
    }
    for (String name :
        List.of(
            hello.getHostName(),
            hello.getMachineId(),
            hello.getBootId(),
            hello.getKernelRelease())) {
      if (name.length() > MAX_NAME_LENGTH) {
        throw Status.INVALID_ARGUMENT
            .withDescription("a name in Hello may have " + MAX_NAME_LENGTH + " characters")
            .asException();
      }
    }
    int idBytes = hello.getInstanceId().size();
    if (idBytes == 0 || idBytes > MAX_INSTANCE_ID_BYTES) {
      throw Status.INVALID_ARGUMENT
          .withDescription("instance_id must be 1 to " + MAX_INSTANCE_ID_BYTES + " bytes long")
          .asException();
    }
  }

  /** Pids are unique on one kernel only; beyond it a service is known by the name of its host. */
  private void warnOfNamesake(CaptureStarted newcomer) {
    for (Session session : byInstance.values()) {
      CaptureStarted known = session.started();
      if (known.hostName().equals(newcomer.hostName())
          && !known.bootId().equals(newcomer.bootId())) {
        LOG.log(
            Level.WARNING,
            "captures {0} and {1} are of different hosts but give the same host name {2}: their"
                + " services may be taken for one another; set capture.hostname for one of them",
            new Object[] {known.shortId(), newcomer.shortId(), known.hostName()});
        return;
      }
    }
  }

  static CaptureStarted started(Hello hello) {
    List<CaptureStarted.ProbeState> probes =
        hello.getProbesList().stream()
            .map(p -> new CaptureStarted.ProbeState(p.getName(), p.getAttached(), p.getReason()))
            .toList();
    return new CaptureStarted(
        Session.hex(hello.getInstanceId()),
        hello.getHostName(),
        hello.getMachineId(),
        hello.getBootId(),
        hello.getKernelRelease(),
        hello.getRealtimeOffsetNs(),
        probes);
  }

  /** The stream broke: the capture may have crashed, or may be back in a moment. */
  void awaitResume(Session session) {
    LOG.log(Level.INFO, "capture {0} is disconnected", session);
    session.detach(pipelineThread.schedule(() -> close(session), resumeGrace));
  }

  void close(Session session) {
    if (byInstance.remove(session.instanceId(), session)) {
      LOG.log(Level.INFO, "capture {0} has ended", session);
      session.close();
    }
  }

  /** As {@link Explanations#ask}, of all captures that are connected now. */
  boolean explain(ExplainQuestion question, Consumer<ExplainReport> asker) {
    return explanations.ask(
        question, byInstance.values().stream().filter(Session::isConnected).toList(), asker);
  }

  /** A capture has answered. */
  void explained(Session session, ExplainAnswer answer) {
    explanations.answered(session, answer);
  }

  void closeAll() {
    for (Session session : List.copyOf(byInstance.values())) {
      session.end(Status.UNAVAILABLE.withDescription("the receiver is shutting down"));
      close(session);
    }
  }
}
