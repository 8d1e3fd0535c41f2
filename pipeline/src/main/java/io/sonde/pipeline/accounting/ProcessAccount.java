package io.sonde.pipeline.accounting;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the stage {@code decode} counts, of one process. Not thread-safe: counted and read by the
 * thread that feeds the events.
 */
public final class ProcessAccount {
  private long connections;
  private long begun;
  private long reported;
  private long tlsSeen;
  private long tlsRead;
  private long tlsUnmatched;
  private final Map<String, Long> protocols = new TreeMap<>();
  private final Map<LossCause, Long> lost = new EnumMap<>(LossCause.class);

  /** One more on which something was seen. */
  public void connection() {
    connections++;
  }

  /** One of them has been found to speak it. */
  public void speaks(String protocol) {
    protocols.merge(protocol, 1L, Long::sum);
  }

  /** One of them was found to be encrypted. */
  public void tlsSeen() {
    tlsSeen++;
  }

  /** One of those turned out to be readable. */
  public void tlsRead() {
    tlsRead++;
  }

  /** A TLS session of the process was read that is of no connection for certain. */
  public void tlsUnmatched() {
    tlsUnmatched++;
  }

  public void begun(long exchanges) {
    begun += exchanges;
  }

  public void reported() {
    reported++;
  }

  public void lost(LossCause cause, long exchanges) {
    lost.merge(cause, exchanges, Long::sum);
  }

  public long connectionTotal() {
    return connections;
  }

  public Map<String, Long> protocols() {
    return Map.copyOf(protocols);
  }

  public long tlsSeenTotal() {
    return tlsSeen;
  }

  public long tlsReadTotal() {
    return tlsRead;
  }

  public long tlsUnmatchedTotal() {
    return tlsUnmatched;
  }

  public long begunTotal() {
    return begun;
  }

  public long reportedTotal() {
    return reported;
  }

  public Map<LossCause, Long> losses() {
    return new EnumMap<>(lost);
  }
}
