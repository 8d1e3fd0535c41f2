package io.sonde.pipeline.connection;

import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.event.Activity;
import io.sonde.pipeline.event.CaptureSink;
import io.sonde.pipeline.event.CaptureStarted;
import io.sonde.pipeline.event.CaptureStats;
import io.sonde.pipeline.event.ConnectionOpened;
import io.sonde.pipeline.event.ProcessExited;
import io.sonde.pipeline.event.ProcessStarted;
import io.sonde.pipeline.exchange.ExchangeSink;
import io.sonde.pipeline.identity.ServiceFactory;
import io.sonde.pipeline.identity.Services;
import io.sonde.pipeline.protocol.Protocols;

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
 * that belongs to nothing known ({@code UNKNOWN_CONNECTION}), each unreadable start of a stretch
 * ({@code STARTED_MIDSTREAM}, {@code HEAD_NOT_CAPTURED}, {@code ANSWER_WITHOUT_REQUEST}), and each
 * connection found to speak something else ({@code NOT_HTTP}).
 */
public final class CaptureDecoder implements CaptureSink {
  private final CaptureScope scope;
  private final ConnectionTable connections;

  /**
   * @param capture the capture instance whose events will come
   * @param services names observed processes
   * @param sink takes each exchange as soon as it is finished, on the thread that feeds the events
   * @param account of the stage {@code decode}; may be shared by several captures
   * @param maxConnections tracked at a time; beyond it the one idle longest is forgotten
   */
  public CaptureDecoder(
      CaptureStarted capture,
      ServiceFactory services,
      ExchangeSink sink,
      Account account,
      int maxConnections) {
    this.scope =
        new CaptureScope(
            new Services(capture, services),
            sink,
            account,
            Protocols.create(),
            capture.realtimeOffsetNs());
    this.connections = new ConnectionTable(maxConnections);
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
  public void connectionOpened(ConnectionOpened event) {
    if (connections.use(event.connection()) != null) {
      return;
    }
    TrackedConnection evicted = connections.add(new TrackedConnection(scope, event));
    if (evicted != null) {
      evicted.abandon(LossCause.CONNECTION_EXPIRED);
    }
  }

  @Override
  public void activity(Activity event) {
    TrackedConnection connection = connections.use(event.connection());
    if (connection == null) {
      countUnknown(event);
      return;
    }
    connection.activity(event);
    if (event.kind() == Activity.Kind.CLOSED) {
      connections.remove(connection);
    }
  }

  @Override
  public void stats(CaptureStats event) {
    scope.realtimeOffsetNs = event.realtimeOffsetNs();
  }

  /**
   * Nothing to do here: whoever feeds the events has counted these, and the holes in the
   * connections' sequences tell which conversations they are missing from.
   */
  @Override
  public void lost(String cause, long records) {}

  @Override
  public void close() {
    for (TrackedConnection c = connections.eldest(); c != null; c = connections.eldest()) {
      c.abandon(LossCause.UNFINISHED);
      connections.remove(c);
    }
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
      scope.account.lost(LossCause.UNKNOWN_CONNECTION, 1);
    }
  }
}
