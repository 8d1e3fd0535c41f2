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
