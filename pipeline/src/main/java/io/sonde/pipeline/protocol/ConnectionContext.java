package io.sonde.pipeline.protocol;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.accounting.Tunnel;
import io.sonde.pipeline.accounting.UnknownField;
import io.sonde.pipeline.event.ConnectionOpened;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.Exchange;
import io.sonde.pipeline.exchange.ThreadWork;
import io.sonde.pipeline.identity.Service;

/**
 * What a decoder may know of its connection, and where its results go. For every {@link #begun()}
 * there is, in the end, one {@link #finished} or one {@link #lost}.
 */
public interface ConnectionContext {
  ConnectionOpened connection();

  /** SERVER or CLIENT, settled. */
  Role role();

  /** The bytes are the plaintext of TLS. */
  boolean secure();

  /** Of the server, where the messages do not name one: as a rule that of its socket. */
  int serverPort();

  /** The service that a process is now, or null when it was never announced. */
  Service service(int pid);

  /** Add to a monotonic time for Unix time, ns. */
  long realtimeOffsetNs();

  /**
   * What is known of who serves or makes a request that is one of several on its connection; asked
   * when its first byte is decoded.
   *
   * @param operation that moved that byte
   * @param stream of HTTP/2
   * @return null when nothing is known
   */
  ThreadWork evidence(Operation operation, int stream);

  /** An exchange has begun. */
  void begun();

  void finished(Exchange exchange);

  /** An exchange that goes to {@link #finished} had a head that was not captured to its end. */
  void truncated();

  /** An exchange that goes to {@link #finished} lacks it. */
  void unknown(UnknownField field);

  /**
   * Bytes went by that are not of the protocol any more, by agreement of both sides. Once told, the
   * decoder need not tell of what follows: {@link ProtocolDecoder#finished} is true.
   *
   * @param bytes 0 or more
   */
  void tunnelled(Tunnel tunnel, Flow flow, long bytes);

  /** One of several streams has become a tunnel; the others go on. */
  void tunnelOpened(Tunnel tunnel);

  /** Of such a stream. */
  void tunnelBytes(Tunnel tunnel, Flow flow, long bytes);

  /** From here on the connection speaks this, and goes to that decoder. */
  void continuesAs(Protocol protocol, ProtocolDecoder decoder);

  /** Exchanges that had begun will not be reported. */
  void lost(LossCause cause, long exchanges);
}
