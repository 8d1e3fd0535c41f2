package io.sonde.pipeline.accounting;

/** What a connection is used for once HTTP has been left on it. */
public enum Tunnel {
  WEBSOCKET,
  /** What a successful CONNECT leads to. */
  CONNECT,
  /** Another protocol by Upgrade; a peer may name it as it likes, so it has no label of its own. */
  OTHER;

  /** As in metric labels: {@code websocket}. */
  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
