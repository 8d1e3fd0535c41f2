package io.sonde.pipeline.event;

/**
 * One read or write on a connection, a summary of several unreported ones, or the close. A
 * flyweight: the caller overwrites it for each event, so it and its {@link #data()} are valid only
 * during the call that hands it over. Never null, never allocated per event.
 */
public interface Activity {
  /** Takes the bytes of an operation. */
  interface Pieces {
    /**
     * @param data shared and untrusted; not to be kept
     */
    void captured(byte[] data, int offset, int length);

    /**
     * Bytes that were moved and not captured.
     *
     * @param length at least 1
     */
    void skipped(long length);
  }

  /** What this activity reports. */
  enum Kind {
    /** One operation: {@link #bytes()} &gt; 0. */
    TRANSFER,
    /** Totals and times only, because the connection is idle or moves a large body. */
    SUMMARY,
    /** The connection is gone; totals and times as in a summary. */
    CLOSED
  }

  Kind kind();

  /** Socket cookie; 0 in plaintext whose connection is not known. */
  long connection();

  /**
   * The TLS session of which this tells plaintext: all bytes, offsets and tails are that. Unsigned
   * 32 bit, wraps; 0 when it tells of the bytes of the socket.
   */
  int session();

  /** How the connection of plaintext is known; NONE of everything else. */
  TlsMatch match();

  /**
   * Per connection, or per session in plaintext, rises by one; a hole means that records were lost.
   * Unsigned 32 bit, wraps.
   */
  int sequence();

  /** When the operation returned. */
  long timeNs();

  /** Process that did the operation (not of the close). */
  int pid();

  int tid();

  /** Of this operation; meaningless in SUMMARY and CLOSED. */
  Direction direction();

  /**
   * RX: when its first byte, in plaintext the first of the TLS records that held it, reached the
   * socket; 0 unknown.
   */
  long arrivedNs();

  /** Bytes received before this operation: where its data starts if it is an RX. */
  long rxOffset();

  /** Bytes transmitted before this operation: where its data starts if it is a TX. */
  long txOffset();

  /**
   * RX: the read would have waited for its bytes, by a blocking socket and call. False also when
   * that is not known.
   */
  boolean waits();

  /** When the latest earlier read returned; 0 none. */
  long rxLastNs();

  /** When the latest earlier write returned; 0 none. */
  long txLastNs();

  /** Moved by this operation; 0 in SUMMARY and CLOSED. */
  int bytes();

  /** Hands over those bytes, in order: as many in all as {@link #bytes()}. */
  void pieces(Pieces to);

  /** RX: all of its bytes arrived at {@link #arrivedNs()}. False also when that is not known. */
  boolean atOnce();

  /** The goroutine that did the operation, unique in its process; 0 not Go's, or not known. */
  long goroutine();

  /** The one that created that; 0 not known. */
  long goroutineParent();

  /**
   * The last 0..8 bytes received before this operation, told only when they belong to a stretch
   * that was not captured; they end exactly at {@link #rxOffset()}. Copied into {@code into} from
   * index 0.
   *
   * @return how many
   */
  int rxTail(byte[] into);

  /** As {@link #rxTail}, for the transmitted bytes. */
  int txTail(byte[] into);

  /** The operation's bytes could not be captured (sendfile, splice, io_uring), only counted. */
  boolean uncapturable();

  /** CLOSED: by RST or error rather than FIN. */
  boolean reset();

  /** CLOSED: this host closed first. */
  boolean closedLocally();
}
