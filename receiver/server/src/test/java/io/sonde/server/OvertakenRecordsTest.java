package io.sonde.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.sonde.contract.RecordLayout.Header;
import io.sonde.contract.v1.Block;
import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.accounting.LossCause;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Of the golden blocks: connections first, then operations #2 and on, of one conversation each. */
class OvertakenRecordsTest {
  private final RecordingSink sink = new RecordingSink(null);
  private final Account account = new Account("records");
  private final BlockFeed records = new BlockFeed(sink, account);

  /** Two connections, then #2 to #6 of the first one. */
  private List<byte[]> clear;

  /** A connection, then #1 to #4 of a session on it, #1 and #2 of another one, #9 of itself. */
  private List<byte[]> plaintext;

  @BeforeEach
  void read() throws Exception {
    clear = split(BlockFeedTest.golden("layout-v1.block.hex"));
    plaintext = split(BlockFeedTest.golden("layout-v2.block.hex"));
  }

  @Test
  void areHandedOnFirst() {
    take(clear, 0, 1, 2, 5, 3, 6, 4);

    assertThat(told()).containsExactly("77 #2", "77 #3", "77 #4", "77 #5", "77 #6");
    adds(7, 7);
  }

  @Test
  void areHandedOnFirstWhenTheyComeInALaterBlock() {
    take(clear, 0, 1, 2, 4, 5);
    assertThat(told()).containsExactly("77 #2");
    take(plaintext, 5);
    assertThat(told()).as("nothing overtakes what waits").containsExactly("77 #2");
    adds(0, 0);

    take(clear, 6, 3);

    assertThat(told()).containsExactly("77 #2", "77 #3", "77 #4", "77 #5", "0 #1", "77 #6");
    adds(8, 8);
  }

  @Test
  void areToldApartBySessionAndNotByConnectionWithinTls() {
    take(plaintext, 0, 1, 3, 7, 6, 2, 4, 5);

    assertThat(told())
        .as("#1 of the other session comes late, which is the pipeline's to see")
        .containsExactly("77 #1", "77 #2", "77 #3", "77 #9", "0 #2", "77 #4", "0 #1");
  }

  @Test
  void areAwaitedForSomeBlocksAndNotLonger() {
    take(clear, 0, 1, 2, 4);
    take(plaintext, 5);
    take(plaintext, 5);
    assertThat(told()).containsExactly("77 #2");
    assertThat(records.handedOn()).isZero();

    take(plaintext, 6);

    assertThat(told()).containsExactly("77 #2", "77 #4", "0 #1", "0 #1", "0 #2");
    assertThat(records.handedOn()).isEqualTo(records.taken()).isEqualTo(4);
    adds(7, 7);
  }

  @Test
  void areAwaitedNoLongerThanAnythingElseComes() {
    take(clear, 0, 1, 2, 4, 5);

    records.settle();

    assertThat(told()).containsExactly("77 #2", "77 #4", "77 #5");
    adds(5, 5);
  }

  @Test
  void areFoundBehindAMalformedRecordWhichIsCountedOnce() {
    byte[] malformed = clear.get(3).clone();
    ByteBuffer.wrap(malformed).order(ByteOrder.nativeOrder()).putShort(Header.KIND, (short) 99);
    take(List.of(clear.get(0), clear.get(2), clear.get(4), malformed, clear.get(3)), 0, 1, 2, 3, 4);

    assertThat(told()).containsExactly("77 #2", "77 #3", "77 #4");
    adds(5, 4);
    assertThat(account.lostTotal(LossCause.MALFORMED_RECORD)).isEqualTo(1);
  }

  @Test
  void areNotSoughtBehindABadLengthWhichCostsItsOwnBlockOnly() {
    byte[] endless = clear.get(3).clone();
    ByteBuffer.wrap(endless).order(ByteOrder.nativeOrder()).putInt(Header.LENGTH, 1 << 20);
    take(List.of(clear.get(0), clear.get(2), clear.get(4), endless, clear.get(3)), 0, 1, 2, 3, 4);
    take(clear, 5, 3);

    assertThat(told()).containsExactly("77 #2", "77 #3", "77 #4", "77 #5");
    adds(7, 5);
    assertThat(account.lostTotal(LossCause.MALFORMED_RECORD)).isEqualTo(2);
  }

  /** Operations by connection and number. */
  private List<String> told() {
    return sink.events.stream()
        .filter(event -> event.contains(" #"))
        .map(event -> event.replaceAll("(?s)\\w+ (\\d+ #\\d+) .*", "$1"))
        .toList();
  }

  private void take(List<byte[]> all, int... order) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (int index : order) {
      block.writeBytes(all.get(index));
    }
    records.take(
        Block.newBuilder()
            .setRecords(ByteString.copyFrom(block.toByteArray()))
            .setCount(order.length)
            .build());
  }

  private static List<byte[]> split(byte[] block) {
    List<byte[]> records = new ArrayList<>();
    ByteBuffer rest = ByteBuffer.wrap(block).order(ByteOrder.nativeOrder());
    while (rest.hasRemaining()) {
      byte[] record = new byte[rest.getInt(rest.position() + Header.LENGTH)];
      rest.get(record);
      records.add(record);
    }
    return records;
  }

  private void adds(long in, long out) {
    assertThat(account.inTotal()).isEqualTo(in);
    assertThat(account.outTotal()).isEqualTo(out);
  }
}
