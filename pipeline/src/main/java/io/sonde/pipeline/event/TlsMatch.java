package io.sonde.pipeline.event;

/** How it is known on which connection a TLS session is; of activities that tell plaintext. */
public enum TlsMatch {
  /** It is not, so far. */
  NONE,
  /** The TLS library itself moved bytes of that socket for the session: certain. */
  IO,
  /** The thread had just moved TLS records of that socket, and of no other, for the library. */
  THREAD,
  /** What was seen contradicts itself: nothing of the session can be told to be anyone's. */
  CONFLICT
}
