package io.sonde.pipeline.protocol;

/** A protocol that a connection may go on with after a request to do so (RFC 9110 §7.8). */
public interface UpgradeTarget extends Protocol {
  /**
   * Both sides have agreed on it by Upgrade; both begin as at the start of a connection.
   *
   * @param request begun, and answered first
   * @param told it has been reported already
   */
  ProtocolDecoder upgraded(ConnectionContext connection, UpgradedRequest request, boolean told);
}
