package io.sonde.pipeline.protocol;

import io.sonde.pipeline.accounting.LossCause;

/**
 * Decodes one connection from two streams of bytes with explicit gaps, told in the order in which
 * they happened. How the bytes are cut into calls makes no difference. Called by one thread; throws
 * nothing whatever the bytes are; keeps a bounded amount of them.
 *
 * <p>Times are CLOCK_MONOTONIC ns.
 */
public interface ProtocolDecoder {
  /** {@code data} is shared and hostile; valid only during the call, as is {@code operation}. */
  void bytes(Flow flow, byte[] data, int offset, int length, Operation operation);

  /**
   * Bytes were moved but not captured.
   *
   * @param lastNs when the operation that moved the last of them returned
   */
  void gap(Flow flow, long length, long lastNs);

  /**
   * The flow's last bytes so far, told after a gap that ends with them. {@code tail} is valid only
   * during the call.
   *
   * @param length 1..8
   */
  void tail(Flow flow, byte[] tail, int length, long lastNs);

  /** Records of this connection were lost at this point: nothing may be paired across it. */
  void recordsLost();

  /**
   * The connection is gone; no call follows.
   *
   * @param reset by RST or error rather than FIN
   * @param locally this host closed first
   */
  void closed(boolean reset, boolean locally, long timeNs);

  /** Gives up all open exchanges for {@code cause}; no call follows. */
  void abandon(LossCause cause);

  /**
   * Reports as timed out what has begun at least {@code timeoutNs} before {@code nowNs} and is
   * still without an answer. An answer that comes later belongs to it nevertheless.
   */
  void expire(long nowNs, long timeoutNs);

  /** Exchanges that have begun and are neither reported nor given up. */
  int open();

  /** True once nothing of interest can follow; the decoder may then be dropped. */
  boolean finished();
}
