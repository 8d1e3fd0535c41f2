package io.sonde.pipeline.protocol;

/** A protocol that can be recognised and decoded. Instances belong to one capture's thread. */
public interface Protocol {
  String name();

  /**
   * Whether exchanges overlap on one connection: which thread moves its bytes then says nothing of
   * whose they are.
   */
  boolean multiplexes();

  /**
   * Judges the first bytes of a message; reads only within the bounds given and throws nothing.
   * Splitting the bytes differently never changes a YES or NO, only when it is known.
   *
   * @param flow whether they would have to be a request or an answer
   * @param atStart they are the first of the conversation; otherwise what is left of a message may
   *     come before the one that begins
   */
  Detection detect(Flow flow, boolean atStart, byte[] data, int offset, int length);

  /**
   * @param midstream the connection was joined after its start: bytes are to be ignored until a
   *     request is seen to begin. Otherwise the first bytes given are the first of a message.
   */
  ProtocolDecoder decoder(ConnectionContext connection, boolean midstream);
}
