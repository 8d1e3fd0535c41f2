package io.sonde.pipeline.connection;

import io.sonde.pipeline.PipelineConfig;
import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.accounting.DecodeTotals;
import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.event.Activity;
import io.sonde.pipeline.event.CaptureSink;
import io.sonde.pipeline.event.CaptureStarted;
import io.sonde.pipeline.event.CaptureStats;
import io.sonde.pipeline.event.ConnectionOpened;
import io.sonde.pipeline.event.GoroutineAct;
import io.sonde.pipeline.event.ProcessExited;
import io.sonde.pipeline.event.ProcessSeen;
import io.sonde.pipeline.event.ProcessStarted;
import io.sonde.pipeline.exchange.ExchangeSink;
import io.sonde.pipeline.identity.ServiceFactory;
import io.sonde.pipeline.identity.Services;
import io.sonde.pipeline.protocol.Protocols;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Turns the events of one capture instance into finished exchanges.
 *
 * <p><b>The account</b> counts exchanges, and {@code in = out + open + losses} holds after every
 * call:
 *
 * <ul>
 *   <li>in: an exchange has begun, because the start of a request was read;
 *   <li>out: it went to the sink; open: {@link #openExchanges()};
 *   <li>lost: it had begun but cannot be reported, by cause.
 * </ul>
 *
 * <p>Where it cannot be known how many exchanges were missed, what is known to be missing is
 * counted instead, as both in and lost: each missing record ({@code RECORD_LOST}), each activity
 * that belongs to nothing known ({@code UNKNOWN_CONNECTION}) or to what is over ({@code
 * AFTER_CLOSE}: what came before a reset can be read behind it), each unreadable start of a stretch
 * ({@code STARTED_MIDSTREAM}, {@code HEAD_NOT_CAPTURED}, {@code ANSWER_WITHOUT_REQUEST}), what an
 * ambiguous request may hide ({@code AMBIGUOUS_FRAMING}), each operation within TLS that is of no
 * connection for certain ({@code TLS_UNMATCHED}), and each connection found to speak something else
 * ({@code NOT_HTTP}) or to be encrypted to its end ({@code TLS}). What may still turn out to be
 * readable, because its plaintext may be told or its connection named later, is in none of these
 * numbers until that is settled.
 */
public final class CaptureDecoder implements CaptureSink {
  private static final Logger LOG = Logger.getLogger(CaptureDecoder.class.getName());

  private final CaptureStarted capture;
  private final CaptureScope scope;
  private final Kernel kernel;
  private final ConnectionTable connections;
  private final TlsSessions sessions;
  private final long timeoutNs;
  private boolean saidNotAlone;

  /**
   * @param capture the capture instance whose events will come
   * @param kernels what this capture has in common with others
   * @param services names observed processes
   * @param sink takes each exchange as soon as it is finished, on the thread that feeds the events
   * @param account of the stage {@code decode}; may be shared by several captures
   * @param totals may be shared, too
   * @param decoding options
   * @param maxConnections tracked at a time; beyond it the one idle longest is forgotten
   */
  public CaptureDecoder(
      CaptureStarted capture,
      Kernels kernels,
      ServiceFactory services,
      ExchangeSink sink,
      Account account,
      DecodeTotals totals,
      PipelineConfig.Decoding decoding,
      int maxConnections) {
    this.capture = capture;
    this.scope =
        new CaptureScope(
            new Services(capture, services),
            sink,
            account,
            totals,
            Protocols.create(decoding.sensitiveQueryParameters()),
            capture.realtimeOffsetNs());
    this.timeoutNs = decoding.requestTimeout().toNanos();
    this.connections = new ConnectionTable(maxConnections);
    this.sessions = new TlsSessions(scope, HeldPlaintext.Limits.DEFAULT, this::deliver);
    this.kernel = kernels.join(capture.bootId(), connections);
  }

  @Override
  public void processStarted(ProcessStarted event) {
    scope.services.started(event);
  }

  @Override
  public void processExited(ProcessExited event) {
    scope.services.exited(event);
  }

  @Override
  public Optional<ProcessSeen> seen(int pid) {
    return scope.services.seen(pid);
  }

  @Override
  public void connectionOpened(ConnectionOpened event) {
    if (connections.use(event.connection()) != null) {
      return;
    }
    add(new TrackedConnection(scope, event, kernel.claimOf(event.connection())));
  }

  @Override
  public void activity(Activity event) {
    if (event.session() == 0) {
      deliver(event, false);
    } else {
      sessions.plaintext(event);
    }
  }

  @Override
  public int missingBefore(Activity event) {
    TrackedConnection connection = connections.find(event.connection());
    return connection == null ? 0 : connection.missingBefore(event);
  }

  private void deliver(Activity event, boolean late) {
    TrackedConnection connection = connections.use(event.connection());
    if (connection == null) {
      countUnknown(event);
      return;
    }
    boolean closed = event.kind() == Activity.Kind.CLOSED;
    if (!connection.tells(event)) {
      ignore(connection);
    } else {
      scope.latestNs = Math.max(scope.latestNs, event.timeNs());
      tell(connection, event, late);
      if (closed) {
        kernel.closed(event.connection(), event.timeNs());
        connection.release(event.timeNs());
      }
    }
    if (closed) {
      forget(connections.find(event.connection()));
    }
  }

  private void tell(TrackedConnection connection, Activity event, boolean late) {
    if (connection.isIgnored()) {
      // Taken over from a capture that is gone.
      forget(connection);
      connection = connection.anew();
      add(connection);
    }
    int before = connection.session();
    connection.activity(event, late);
    if (connection.session() != before) {
      sessions.forget(before, connection);
      sessions.known(connection);
    }
  }

  private void forget(TrackedConnection connection) {
    connections.remove(connection);
    sessions.forget(connection.session(), connection);
  }

  private void ignore(TrackedConnection connection) {
    if (connection.ignore() && !saidNotAlone) {
      saidNotAlone = true;
      LOG.log(
          Level.WARNING,
          "capture {0} on {1} sees connections that another capture on this kernel tells already:"
              + " each is counted once (loss cause other_capture); let the two select different"
              + " services to save the work",
          new Object[] {capture.shortId(), capture.hostName()});
    }
  }

  private void add(TrackedConnection connection) {
    TrackedConnection evicted = connections.add(connection);
    if (evicted != null) {
      evicted.abandon(LossCause.CONNECTION_EXPIRED);
      evicted.release(scope.latestNs);
      sessions.forget(evicted.session(), evicted);
    }
  }

  @Override
  public void goroutine(GoroutineAct event) {
    switch (event.kind()) {
      case CALLS -> scope.goroutines.told(event);
      case SERVES -> scope.goroutines.serves(event);
      case ROUTES -> scope.goroutines.routes(event);
    }
  }

  @Override
  public void stats(CaptureStats event) {
    scope.realtimeOffsetNs = event.realtimeOffsetNs();
    scope.sink.timePasses();
    sessions.expire(event.timeNs() == 0 ? scope.latestNs : event.timeNs());
    if (timeoutNs > 0) {
      expire(event.timeNs());
    }
  }

  /**
   * Once a second, as the totals come: a walk over all connections, most of which wait for no one.
   */
  private void expire(long nowNs) {
    for (TrackedConnection c = connections.eldest(); c != null; c = c.nextUsed) {
      c.expire(nowNs, timeoutNs);
    }
  }

  /**
   * Nothing to do here: whoever feeds the events has counted these, and the holes in the
   * connections' sequences tell which conversations they are missing from.
   */
  @Override
  public void lost(String cause, long records) {}

  /** What is finished has left for the outputs. */
  @Override
  public BooleanSupplier written() {
    return () -> true;
  }

  /** Others may take over what this capture told, at the next activity they see. */
  @Override
  public void disconnected() {
    scope.connected = false;
  }

  @Override
  public void resumed() {
    scope.connected = true;
  }

  @Override
  public void close() {
    sessions.close();
    for (TrackedConnection c = connections.eldest(); c != null; c = connections.eldest()) {
      c.abandon(LossCause.UNFINISHED);
      c.release(scope.latestNs);
      forget(c);
    }
    kernel.leave(connections);
  }

  /**
   * Begun, and neither reported nor given up so far. Walks all connections: for tests and debug.
   */
  int openExchanges() {
    int open = 0;
    for (TrackedConnection c = connections.eldest(); c != null; c = c.nextUsed) {
      open += c.open();
    }
    return open;
  }

  int trackedConnections() {
    return connections.size();
  }

  private void countUnknown(Activity event) {
    if (event.kind() == Activity.Kind.TRANSFER) {
      scope.account.in(1);
      boolean late = kernel.isClosed(event.connection());
      scope.account.lost(late ? LossCause.AFTER_CLOSE : LossCause.UNKNOWN_CONNECTION, 1);
    }
  }
}
