package io.sonde.pipeline.connection;

import io.sonde.pipeline.event.Activity;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** A copy of the bytes of an operation, with what was not captured of them. */
final class HeldPieces {
  /** About as much as one piece takes besides its bytes. */
  private static final int OVERHEAD_BYTES = 24;

  private final byte[] data;

  /** Lengths: of captured bytes, or negative of skipped ones. */
  private final List<Long> lengths;

  private HeldPieces(byte[] data, List<Long> lengths) {
    this.data = data;
    this.lengths = lengths;
  }

  static HeldPieces of(Activity a) {
    ByteArrayOutputStream copy = new ByteArrayOutputStream();
    List<Long> lengths = new ArrayList<>(2);
    a.pieces(
        new Activity.Pieces() {
          @Override
          public void captured(byte[] bytes, int offset, int length) {
            copy.write(bytes, offset, length);
            lengths.add((long) length);
          }

          @Override
          public void skipped(long length) {
            lengths.add(-length);
          }
        });
    return new HeldPieces(copy.toByteArray(), lengths);
  }

  int size() {
    return data.length + OVERHEAD_BYTES * lengths.size();
  }

  void handTo(Activity.Pieces to) {
    int offset = 0;
    for (long length : lengths) {
      if (length < 0) {
        to.skipped(-length);
      } else {
        to.captured(data, offset, (int) length);
        offset += (int) length;
      }
    }
  }
}
