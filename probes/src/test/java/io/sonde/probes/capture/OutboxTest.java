package io.sonde.probes.capture;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.sonde.contract.v1.Block;
import io.sonde.contract.v1.CaptureMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutboxTest {
  private static final int BLOCK = 1000;

  private final Outbox outbox = new Outbox(3 * BLOCK);
  private final List<Long> sent = new ArrayList<>();

  private void addBlock(int records) {
    outbox.add(
        new Outbox.Item(
            CaptureMessage.newBuilder()
                .setBlock(
                    Block.newBuilder()
                        .setRecords(ByteString.copyFrom(new byte[BLOCK]))
                        .setCount(records)),
            records));
  }

  private void sendAll() {
    while (outbox.hasUnsent()) {
      outbox.sendNext(message -> sent.add(message.getSequence()));
    }
  }

  @Test
  void unacknowledgedMessagesFillIt() {
    addBlock(1);
    addBlock(1);
    assertThat(outbox.hasRoom()).isTrue();
    addBlock(1);
    sendAll();
    assertThat(outbox.hasRoom()).isFalse();
    outbox.acknowledge(2);
    assertThat(outbox.hasRoom()).isTrue();
  }

  @Test
  void theSameReceiverIsSentOnlyWhatItDoesNotHave() {
    addBlock(1);
    addBlock(1);
    addBlock(1);
    sendAll();
    outbox.resumeAfter(2);
    sent.clear();
    sendAll();
    assertThat(sent).containsExactly(3L);
  }

  @Test
  void anotherReceiverIsNotSentWhatTheFormerOneMayHaveReported() {
    addBlock(5);
    addBlock(7);
    outbox.sendNext(message -> sent.add(message.getSequence()));
    assertThat(outbox.giveUpSent()).isEqualTo(5);
    sent.clear();
    sendAll();
    assertThat(sent).containsExactly(2L);
  }

  @Test
  void whatIsPutInFrontIsNumberedInFront() {
    addBlock(1);
    var kept = outbox.takeUnsent();
    addBlock(2);
    kept.forEach(outbox::add);
    sendAll();
    assertThat(sent).containsExactly(2L, 3L);
    outbox.acknowledge(3);
    assertThat(outbox.isEmpty()).isTrue();
    assertThat(outbox.oldestSequence()).isZero();
  }
}
