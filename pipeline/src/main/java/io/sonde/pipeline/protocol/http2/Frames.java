package io.sonde.pipeline.protocol.http2;

import io.sonde.pipeline.protocol.Operation;

/** What {@link FrameReader} finds in one flow. Times are CLOCK_MONOTONIC ns. */
interface Frames {
  /**
   * A frame of HEADERS begins, the first of a header block.
   *
   * @param first that moved the first byte of the frame
   * @param firstOfOperation nothing came before it in that operation
   */
  void headersBegin(int stream, Operation first, boolean firstOfOperation);

  /**
   * All of the fields are there.
   *
   * @param promised by PUSH_PROMISE
   * @param ends the stream, in this direction
   */
  void fields(
      int stream, boolean promised, boolean ends, byte[] data, int from, int to, long timeNs);

  /** The same, but some of the fields are not there. */
  void fieldsLost(int stream, boolean promised, boolean ends, long timeNs);

  /** Contents of a stream, without padding. */
  void data(int stream, byte[] data, int from, int to);

  /** The same, not captured. */
  void dataGap(int stream, long length);

  /** The same, of which it is not known how many are padding. */
  void dataUnknown(int stream);

  /** The last byte of a frame of DATA that ends the stream, in this direction. */
  void dataEnds(int stream, long timeNs);

  /**
   * @param errorCode RFC 9113 §7, unsigned; -1 not known
   */
  void reset(int stream, long errorCode, long timeNs);

  /**
   * @param lastStream that is or may have been acted upon
   */
  void goAway(int lastStream, long timeNs);

  /** Some of the flow was not read, because it is not known where frames begin. */
  void passedOver();

  /** What follows is not known to be frames. */
  void stepLost(boolean malformed);
}
