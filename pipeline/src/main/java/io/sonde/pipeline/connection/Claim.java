package io.sonde.pipeline.connection;

/**
 * One socket that several captures of a kernel see: which of them tells it, and until when it has
 * been told. The first to announce it does, until it ends, forgets the connection or is
 * disconnected; then whoever first sees something newer goes on. Their clock is one, the kernel's.
 */
final class Claim {
  private CaptureScope owner;
  private long toldUntilNs;

  private Claim(CaptureScope owner, long toldUntilNs) {
    this.owner = owner;
    this.toldUntilNs = toldUntilNs;
  }

  static Claim of(CaptureScope owner) {
    return new Claim(owner, Long.MIN_VALUE);
  }

  /** Nobody's; all until that time has been told. */
  static Claim told(long untilNs) {
    return new Claim(null, untilNs);
  }

  /** Whether that capture is to tell what happened at that time. */
  boolean grants(CaptureScope capture, long timeNs) {
    if (owner == capture) {
      return true;
    }
    if (owner != null && !owner.connected) {
      release(owner, owner.latestNs);
    }
    if (owner != null || timeNs <= toldUntilNs) {
      return false;
    }
    owner = capture;
    return true;
  }

  /** Ignored when it is not that capture's. */
  void release(CaptureScope capture, long untilNs) {
    if (owner == capture) {
      owner = null;
      toldUntilNs = Math.max(toldUntilNs, untilNs);
    }
  }
}
