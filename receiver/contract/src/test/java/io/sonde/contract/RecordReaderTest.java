package io.sonde.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sonde.contract.RecordLayout.Activity;
import io.sonde.contract.RecordLayout.Connection;
import io.sonde.contract.RecordLayout.Flag;
import io.sonde.contract.RecordLayout.Go;
import io.sonde.contract.RecordLayout.Header;
import io.sonde.contract.RecordLayout.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class RecordReaderTest {
  private final RecordReader reader = new RecordReader();

  @Test
  void readsAConnectionFieldByField() throws Exception {
    byte[] block = connection();
    reader.wrap(block, 0, block.length);

    assertThat(reader.next()).isTrue();
    assertThat(reader.kind()).isEqualTo(Kind.CONNECTION);
    assertThat(reader.connection()).isEqualTo(0x1122334455667788L);
    assertThat(reader.openedNs()).isEqualTo(12);
    assertThat(reader.localPort()).isEqualTo(65535);
    assertThat(reader.role()).isEqualTo(RecordLayout.Role.CLIENT);
    assertThat(reader.mptcp()).isTrue();
    byte[] address = new byte[16];
    reader.remoteAddress(address);
    assertThat(address).containsOnly(9);
    assertThat(reader.next()).isFalse();
  }

  @Test
  void readsAnActivityWithItsDataAndTailsAtAnyOffset() throws Exception {
    byte[] block = new byte[3 + 120 + 5];
    System.arraycopy(activity("GET / H"), 0, block, 3, 120);
    reader.wrap(block, 3, 120);

    assertThat(reader.next()).isTrue();
    assertThat(reader.kind()).isEqualTo(Kind.ACTIVITY);
    assertThat(reader.bytes()).isEqualTo(7);
    assertThat(
            new String(
                reader.data(), reader.dataOffset(), reader.captured(), StandardCharsets.US_ASCII))
        .isEqualTo("GET / H");
    byte[] tail = new byte[8];
    assertThat(reader.rxTail(tail)).isEqualTo(2);
    assertThat(tail).startsWith(1, 2);
    assertThat(reader.txTail(tail)).isZero();
    assertThat(reader.next()).isFalse();
  }

  @Test
  void aBadRecordWithASoundLengthIsSkippedAlone() throws Exception {
    byte[] block =
        concat(corrupt(activity("a"), b -> b.putShort(Header.KIND, (short) 16)), connection());
    reader.wrap(block, 0, block.length);

    assertThatThrownBy(reader::next)
        .isInstanceOf(MalformedRecordException.class)
        .hasMessage("record at byte 0: expected a kind from 1 to 5, found 16");
    assertThat(reader.next()).isTrue();
    assertThat(reader.kind()).isEqualTo(Kind.CONNECTION);
  }

  @Test
  void aBadLengthEndsTheBlock() throws Exception {
    for (int length : new int[] {0, 39, 41, 1 << 20, -8, Integer.MIN_VALUE}) {
      byte[] block =
          concat(corrupt(activity("a"), b -> b.putInt(Header.LENGTH, length)), connection());
      reader.wrap(block, 0, block.length);
      assertThatThrownBy(reader::next)
          .isInstanceOf(MalformedRecordException.class)
          .hasMessageContaining("found " + length);
      assertThat(reader.next()).isFalse();
    }
  }

  @Test
  void refusesSizesThatReachBeyondTheRecord() {
    refuses(activity("abc"), b -> b.putInt(Activity.CAPTURED, 9), "at most 3 captured bytes");
    refuses(activity("abc"), b -> b.putInt(Activity.CAPTURED, -1), "captured bytes");
    refuses(
        activity("abc"),
        b -> b.putInt(Activity.BYTES, 1000).putInt(Activity.CAPTURED, 1000),
        "at most 8 captured bytes");
    refuses(activity("abc"), b -> b.putInt(Activity.BYTES, -1), "below 2 GiB");
    refuses(activity("abc"), b -> b.put(Activity.DIRECTION, (byte) 2), "direction 0 or 1");
    refuses(activity("abc"), b -> b.put(Activity.RX_TAIL_LENGTH, (byte) 9), "at most 8 bytes");
    refuses(activity("abc"), b -> b.put(Activity.TX_TAIL_LENGTH, (byte) -1), "at most 8 bytes");
    refuses(activity("abc"), b -> b.putInt(Header.LENGTH, 40), "at least 112 bytes");
    refuses(connection(), b -> b.put(Connection.ROLE, (byte) 3), "a role from 0 to 2");
    refuses(connection(), b -> b.putInt(Header.LENGTH, 40), "a connection of 96 bytes");
  }

  @Test
  void plaintextSaysWhoseItIsOrThatItIsNotKnown() throws Exception {
    byte[] block = plaintext(RecordLayout.Match.IO, 5);
    reader.wrap(block, 0, block.length);
    assertThat(reader.next()).isTrue();
    assertThat(reader.session()).isEqualTo(3);
    assertThat(reader.match()).isEqualTo(RecordLayout.Match.IO);
    assertThat(reader.connection()).isEqualTo(5);

    refuses(plaintext(RecordLayout.Match.NONE, 5), b -> {}, "a connection where one is known");
    refuses(plaintext(RecordLayout.Match.THREAD, 0), b -> {}, "a connection where one is known");
    refuses(plaintext(RecordLayout.Match.IO, 5), b -> b.putInt(Header.SESSION, 0), "a session");
    refuses(plaintext(4, 5), b -> {}, "a match from 0 to 3");
  }

  @Test
  void fragmentsAreWithinTheDataAndTheOperation() throws Exception {
    byte[] block = fragments();
    reader.wrap(block, 0, block.length);
    assertThat(reader.next()).isTrue();
    int first = reader.dataOffset();
    assertThat(reader.fragmentSkipped(first)).isEqualTo(2);
    assertThat(reader.fragmentLength(first)).isEqualTo(3);
    int second = reader.nextFragment(first);
    assertThat(second).isEqualTo(first + 16);
    assertThat(reader.fragmentLength(second)).isEqualTo(1);
    assertThat(reader.nextFragment(second)).isGreaterThanOrEqualTo(first + reader.captured());
    assertThat(reader.goroutine()).isEqualTo(34);
    assertThat(reader.goroutineParent()).isEqualTo(21);

    int data = Activity.DATA;
    refuses(fragments(), b -> b.putInt(data + 4, 25), "a fragment within the data");
    refuses(fragments(), b -> b.putInt(data + 4, -1), "a fragment within the data");
    refuses(fragments(), b -> b.putInt(data, -1), "fragments of at most 10 bytes in all");
    refuses(fragments(), b -> b.putInt(data, 7), "fragments of at most 10 bytes in all");
    refuses(fragments(), b -> b.putInt(Activity.CAPTURED, 20), "a whole fragment");
    refuses(fragments(), b -> b.putInt(Activity.CAPTURED, 33), "at most 32 captured bytes");
    refuses(
        corrupt(activity("ab"), b -> b.putShort(Header.FLAGS, (short) Flag.GOROUTINE)),
        b -> {},
        "room for a goroutine");
  }

  @Test
  void whatAGoroutineDoesIsWithinItsRecord() throws Exception {
    byte[] block = goroutine();
    reader.wrap(block, 0, block.length);
    assertThat(reader.next()).isTrue();
    assertThat(reader.act()).isEqualTo(RecordLayout.GoAct.ROUTES);
    assertThat(new String(reader.route(), StandardCharsets.US_ASCII)).isEqualTo("/a");

    refuses(goroutine(), b -> b.put(Go.ACT, (byte) 0), "an act from 1 to 3");
    refuses(goroutine(), b -> b.put(Go.ACT, (byte) 4), "an act from 1 to 3");
    refuses(goroutine(), b -> b.put(Go.ANCESTORS, (byte) 5), "at most 4 ancestors");
    refuses(goroutine(), b -> b.putInt(Go.ROUTE_LENGTH, 9), "a route of at most 8 bytes");
    refuses(goroutine(), b -> b.putInt(Go.ROUTE_LENGTH, -1), "a route of at most 8 bytes");
    refuses(goroutine(), b -> b.putInt(Header.LENGTH, 128), "at least 136 bytes");
  }

  /** Two of 3 and 1 bytes, 2 and 4 bytes apart, of an operation of 10. */
  private static byte[] fragments() {
    int captured = 16 + 16;
    ByteBuffer b =
        ByteBuffer.allocate(Activity.SIZE + captured + 16).order(ByteOrder.nativeOrder());
    b.putInt(Header.LENGTH, b.capacity());
    b.putShort(Header.KIND, (short) Kind.ACTIVITY);
    b.putShort(Header.FLAGS, (short) (Flag.FRAGMENTS | Flag.GOROUTINE));
    b.putInt(Activity.BYTES, 10).putInt(Activity.CAPTURED, captured);
    b.putInt(Activity.DATA, 2).putInt(Activity.DATA + 4, 3);
    b.putInt(Activity.DATA + 16, 4).putInt(Activity.DATA + 20, 1);
    b.putLong(b.capacity() - 16, 34).putLong(b.capacity() - 8, 21);
    return b.array();
  }

  private static byte[] goroutine() {
    ByteBuffer b = ByteBuffer.allocate(Go.SIZE + 8).order(ByteOrder.nativeOrder());
    b.putInt(Header.LENGTH, b.capacity());
    b.putShort(Header.KIND, (short) Kind.GOROUTINE);
    b.put(Go.ACT, (byte) RecordLayout.GoAct.ROUTES).putInt(Go.ROUTE_LENGTH, 2);
    b.put(Go.ROUTE, (byte) '/').put(Go.ROUTE + 1, (byte) 'a');
    return b.array();
  }

  @Test
  void randomDamageNeverReadsOutsideTheBlock() {
    Random random = new Random(7);
    byte[] tail = new byte[8];
    byte[] address = new byte[16];
    int sound = 0;
    for (int round = 0; round < 50_000; round++) {
      byte[] block =
          concat(
              concat(connection(), concat(activity("GET /"), activity("x"))),
              concat(fragments(), goroutine()));
      for (int i = random.nextInt(4); i >= 0; i--) {
        block[random.nextInt(block.length)] = (byte) random.nextInt();
      }
      reader.wrap(block, 0, random.nextInt(block.length + 1));
      for (boolean more = true; more; ) {
        try {
          more = reader.next();
          if (more && reader.kind() == Kind.CONNECTION) {
            reader.localAddress(address);
          } else if (more && reader.kind() == Kind.GOROUTINE) {
            assertThat(reader.route().length).isLessThanOrEqualTo(block.length);
            for (int i = 0; i < reader.ancestors(); i++) {
              reader.ancestorCreatedNs(i);
            }
          } else if (more) {
            walkFragments();
            reader.rxTail(tail);
            assertThat(reader.dataOffset() + reader.captured()).isLessThanOrEqualTo(block.length);
          }
          sound += more ? 1 : 0;
        } catch (MalformedRecordException expected) {
          assertThat(expected.offset()).isBetween(0, block.length);
        }
      }
    }
    assertThat(sound).isGreaterThan(10_000);
  }

  private void walkFragments() {
    int end = reader.dataOffset() + reader.captured();
    long told = 0;
    for (int at = reader.dataOffset();
        reader.hasFragments() && at < end;
        at = reader.nextFragment(at)) {
      told += reader.fragmentSkipped(at) + reader.fragmentLength(at);
    }
    assertThat(told).isLessThanOrEqualTo(reader.bytes());
  }

  private void refuses(byte[] block, Consumer<ByteBuffer> damage, String expectation) {
    corrupt(block, damage);
    reader.wrap(block, 0, block.length);
    assertThatThrownBy(reader::next)
        .isInstanceOf(MalformedRecordException.class)
        .hasMessageContaining(expectation);
  }

  private static byte[] corrupt(byte[] block, Consumer<ByteBuffer> damage) {
    damage.accept(ByteBuffer.wrap(block).order(ByteOrder.nativeOrder()));
    return block;
  }

  private static byte[] connection() {
    return corrupt(
        new byte[Connection.SIZE],
        b -> {
          b.putInt(Header.LENGTH, Connection.SIZE).putShort(Header.KIND, (short) Kind.CONNECTION);
          b.putLong(Header.CONNECTION, 0x1122334455667788L).putLong(Connection.OPENED_NS, 12);
          for (int i = 0; i < 16; i++) {
            b.put(Connection.REMOTE_ADDRESS + i, (byte) 9);
          }
          b.putShort(Connection.LOCAL_PORT, (short) 65535);
          b.put(Connection.ROLE, (byte) RecordLayout.Role.CLIENT).put(Connection.MPTCP, (byte) 1);
        });
  }

  private static byte[] activity(String data) {
    return corrupt(
        new byte[Activity.SIZE + 8],
        b -> {
          b.putInt(Header.LENGTH, Activity.SIZE + 8).putShort(Header.KIND, (short) Kind.ACTIVITY);
          b.putInt(Activity.BYTES, data.length()).putInt(Activity.CAPTURED, data.length());
          b.put(Activity.RX_TAIL_LENGTH, (byte) 2).put(Activity.RX_TAIL, (byte) 1);
          b.put(Activity.RX_TAIL + 1, (byte) 2);
          b.position(Activity.DATA).put(data.getBytes(StandardCharsets.US_ASCII));
        });
  }

  private static byte[] plaintext(int match, long connection) {
    return corrupt(
        activity("GET /"),
        b -> {
          b.putShort(Header.KIND, (short) Kind.PLAINTEXT).putInt(Header.SESSION, 3);
          b.putLong(Header.CONNECTION, connection).put(Activity.MATCH, (byte) match);
        });
  }

  private static byte[] concat(byte[] a, byte[] b) {
    return ByteBuffer.allocate(a.length + b.length).put(a).put(b).array();
  }
}
