package io.sonde.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.sonde.contract.v1.Block;
import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.event.Activity;
import io.sonde.pipeline.event.CaptureSink;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class BlockFeedTest {
  private final RecordingSink sink = new RecordingSink(null);
  private final Account account = new Account("records");

  static byte[] golden() throws IOException {
    return golden("layout-v1.block.hex");
  }

  static byte[] golden(String name) throws IOException {
    try (InputStream in = BlockFeedTest.class.getResourceAsStream(name)) {
      String hex =
          new String(in.readAllBytes(), StandardCharsets.US_ASCII)
              .lines()
              .filter(line -> !line.startsWith("#"))
              .collect(Collectors.joining(" "));
      return HexFormat.ofDelimiter(" ").parseHex(hex);
    }
  }

  @Test
  void theGoldenBlockOfLayoutVersion1StillMeansTheSame() throws Exception {
    take(golden(), 7);

    assertThat(sink.events)
        .containsExactly(
            "opened 77 SERVER /127.0.0.2:45424->/127.0.0.1:8080 at 900 netns 4026531840 mptcp",
            "opened 78 CLIENT /[2001:db8:0:0:0:0:0:9]:443->/[0:0:0:0:0:0:0:1]:65535 at 0 netns"
                + " 4026531840",
            "TRANSFER 77 #2 at 2000 by 42/44 RX arrived 1900 offsets 0,0 last 0,0 bytes 32 tails"
                + " <>,<> <GET /hello HTTP/1.1|Host: a||>",
            "TRANSFER 77 #3 at 3000 by 42/44 TX arrived 0 offsets 32,0 last 2000,0 bytes 5000 tails"
                + " <>,<> <HTTP/1.1 200 OK|>",
            "SUMMARY 77 #4 at 4000 by 0/0 RX arrived 0 offsets 32,9000 last 2000,3500 bytes 0 tails"
                + " <>,<0\r\n\r\n> <>",
            "TRANSFER 77 #5 at 5000 by 42/44 TX arrived 0 offsets 32,9000 last 2000,3500 bytes 700"
                + " tails <ab>,<> <> uncapturable",
            "CLOSED 77 #6 at 6000 by 0/0 RX arrived 0 offsets 32,9700 last 2000,5000 bytes 0 tails"
                + " <>,<> <> reset locally");
    adds(7, 7, 0);
  }

  @Test
  void theGoldenBlockOfLayoutVersion3StillMeansTheSame() throws Exception {
    take(golden("layout-v3.block.hex"), 5);

    assertThat(sink.events)
        .containsExactly(
            "opened 77 SERVER /127.0.0.2:45424->/127.0.0.1:8080 at 900 netns 4026531840 mptcp",
            "TRANSFER 77 #2 at 2000 by 42/44 RX arrived 1900 offsets 0,0 last 0,0 bytes 1000 tails"
                + " <>,<> <PRI[100]ABCDEFGH[10]Z> at once by goroutine 34 of 21",
            "GoroutineAct[kind=CALLS, timeNs=3000, pid=42, tid=45, goroutine=35, parent=34,"
                + " stream=-1, lineage=[Ancestor[goroutine=35, createdNs=2500],"
                + " Ancestor[goroutine=34, createdNs=0]], route=]",
            "GoroutineAct[kind=SERVES, timeNs=3000, pid=42, tid=45, goroutine=35, parent=34,"
                + " stream=7, lineage=[], route=]",
            "GoroutineAct[kind=ROUTES, timeNs=3000, pid=42, tid=45, goroutine=35, parent=34,"
                + " stream=0, lineage=[], route=GET /a/{id}]");
    adds(5, 5, 0);
  }

  @Test
  void theGoldenBlockOfLayoutVersion2StillMeansTheSame() throws Exception {
    take(golden("layout-v2.block.hex"), 8);

    assertThat(sink.events)
        .containsExactly(
            "opened 77 SERVER /127.0.0.2:45424->/127.0.0.1:8080 at 900 netns 4026531840 mptcp",
            "SUMMARY 77 #1 at 1500 by 42/44 RX arrived 0 offsets 0,0 last 0,0 bytes 0 tails <>,<> <>"
                + " of session 4294967294 by IO",
            "TRANSFER 77 #2 at 2000 by 42/44 RX arrived 1900 offsets 0,0 last 0,0 bytes 32 tails"
                + " <>,<> <GET /hello HTTP/1.1|Host: a||> waits of session 4294967294 by IO",
            "TRANSFER 77 #3 at 3000 by 42/44 TX arrived 0 offsets 32,0 last 2000,0 bytes 5000 tails"
                + " <>,<> <HTTP/1.1 200 OK|> of session 4294967294 by THREAD",
            "SUMMARY 77 #4 at 4000 by 42/44 RX arrived 0 offsets 32,9000 last 2000,3500 bytes 0"
                + " tails <>,<0\r\n\r\n> <> of session 4294967294 by THREAD",
            "TRANSFER 0 #1 at 5000 by 42/45 RX arrived 0 offsets 0,0 last 0,0 bytes 7 tails <>,<>"
                + " <GET / H> of session 3 by NONE",
            "SUMMARY 0 #2 at 5500 by 42/45 RX arrived 0 offsets 7,0 last 5000,0 bytes 0 tails <>,<>"
                + " <> of session 3 by CONFLICT",
            "CLOSED 77 #9 at 6000 by 0/0 RX arrived 0 offsets 700,9900 last 2000,3500 bytes 0 tails"
                + " <>,<> <>");
    adds(8, 8, 0);
  }

  @Test
  void aRecordOfUnknownKindIsCountedAndTheOthersAreTaken() throws Exception {
    byte[] block = golden();
    block[4] = 99;

    take(block, 7);

    assertThat(sink.events).hasSize(7).last().isEqualTo("lost malformed_record 1");
    adds(7, 6, 1);
  }

  @Test
  void whatABadLengthMakesUnreadableIsCountedToo() throws Exception {
    byte[] block = golden();
    block[96] = 3;

    take(block, 7);

    assertThat(sink.events)
        .satisfiesExactly(
            first -> assertThat(first).startsWith("opened 77"),
            last -> assertThat(last).isEqualTo("lost malformed_record 6"));
    adds(7, 1, 6);
  }

  @Test
  void anAbsurdCountIsBelievedOnlyAsFarAsItFits() {
    take(new byte[80], -1);
    adds(1, 0, 1);
    take(new byte[80], Integer.MAX_VALUE);
    adds(3, 0, 3);
  }

  @Test
  void anExceptionInThePipelineCostsOneRecord() throws Exception {
    CaptureSink failing =
        (CaptureSink)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {CaptureSink.class},
                (proxy, method, args) -> {
                  if (args[0] instanceof Activity a && a.sequence() == 4) {
                    throw new IllegalStateException("a defect");
                  }
                  return method.getReturnType() == int.class ? 0 : null;
                });

    new BlockFeed(failing, account).take(message(golden(), 7));

    adds(7, 6, 0);
    assertThat(account.lostTotal(LossCause.INTERNAL_ERROR)).isEqualTo(1);
  }

  private void take(byte[] records, int count) {
    BlockFeed taker = new BlockFeed(sink, account);
    taker.take(message(records, count));
    taker.settle(); // of some, only a part is in the golden block
  }

  private static Block message(byte[] records, int count) {
    return Block.newBuilder().setRecords(ByteString.copyFrom(records)).setCount(count).build();
  }

  private void adds(long in, long out, long malformed) {
    assertThat(account.inTotal()).isEqualTo(in);
    assertThat(account.outTotal()).isEqualTo(out);
    assertThat(account.lostTotal(LossCause.MALFORMED_RECORD)).isEqualTo(malformed);
  }
}
