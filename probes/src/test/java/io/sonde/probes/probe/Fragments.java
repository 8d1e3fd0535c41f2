package io.sonde.probes.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.contract.RecordLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** Records whose data is in fragments. */
public final class Fragments {
  private Fragments() {}

  private static long offset(CapturedRecord r) {
    return r.direction() == RecordLayout.Direction.RX ? r.rxOffset() : r.txOffset();
  }

  /**
   * Which bytes of a direction were captured, as ranges of offsets; they have to be those that were
   * sent.
   *
   * @param records in fragments all of them, apart from summaries
   */
  public static String captured(List<CapturedRecord> records, int direction, byte[] sent) {
    BitSet captured = new BitSet();
    long end = 0;
    for (CapturedRecord r : records) {
      if (r.direction() != direction || r.bytes() == 0) {
        continue;
      }
      assertThat(r.has(RecordLayout.Flag.FRAGMENTS)).as("%s", r).isTrue();
      assertThat(offset(r)).isGreaterThanOrEqualTo(end);
      end = offset(r) + r.bytes();
      int at = (int) offset(r);
      ByteBuffer data =
          ByteBuffer.wrap(r.data().getBytes(StandardCharsets.ISO_8859_1))
              .order(ByteOrder.nativeOrder());
      while (data.hasRemaining()) {
        at += data.getInt();
        byte[] piece = new byte[data.getInt()];
        data.get(piece);
        data.position(data.position() + (-piece.length & 7));
        assertThat(sent).as("from %d", at).hasSizeGreaterThanOrEqualTo(at + piece.length);
        assertThat(piece).isEqualTo(Arrays.copyOfRange(sent, at, at + piece.length));
        captured.set(at, at + piece.length);
        at += piece.length;
      }
      assertThat((long) at).isLessThanOrEqualTo(end);
    }
    return ranges(captured);
  }

  static String ranges(BitSet bits) {
    return ranges(bits, 0);
  }

  static String ranges(BitSet bits, int zero) {
    StringBuilder text = new StringBuilder();
    for (int from = bits.nextSetBit(0); from >= 0; ) {
      int to = bits.nextClearBit(from);
      text.append(zero + from).append("..").append(zero + to).append('\n');
      from = bits.nextSetBit(to);
    }
    return text.toString();
  }
}
