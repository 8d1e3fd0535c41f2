package io.sonde.probes.probe.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.contract.CaptureCounter;
import io.sonde.contract.RecordLayout;
import io.sonde.probes.probe.CapturedRecord;
import io.sonde.probes.probe.ProbeKit;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Http2WalkTest extends ProbeKit {
  /**
   * c sends what is in one file and s what is in another; what is sent and received how is up to
   * the test.
   */
  private static final String PAIR =
      """
      import os, random, socket, threading
      here = os.path.dirname(__file__)
      def content(name):
          with open(os.path.join(here, name), 'rb') as f: return f.read()
      l = socket.socket(); l.bind(('127.0.0.1', 0)); l.listen(8)
      def pair():
          c = socket.create_connection(l.getsockname()); s, _ = l.accept()
          return c, s
      def receive(s, n, size):
          while n > 0:
              n -= len(s.recv(min(n, size())))
      def scattered(data):
          at = 0; pieces = []
          while at < len(data):
              n = random.choice((0, 1, 5, 9, 40, 3000)); pieces.append(data[at:at + n]); at += n
          for i in range(0, len(pieces), 500):
              yield pieces[i:i + 500]
      def converse(a, b, data, write, size):
          t = threading.Thread(target=receive, args=(b, len(data), size)); t.start()
          write(a, data); t.join()
      """;

  private void give(String name, byte[] content) throws Exception {
    Files.write(dir.resolve(name), content);
  }

  private List<CapturedRecord> run(String program) throws Exception {
    Process process = python(PAIR + program);
    select(process.pid());
    finish(process);
    return activities();
  }

  private static long offset(CapturedRecord r) {
    return r.direction() == RecordLayout.Direction.RX ? r.rxOffset() : r.txOffset();
  }

  /** Which bytes of a direction were captured; they have to be those that were sent. */
  private static String captured(List<CapturedRecord> records, int direction, byte[] sent) {
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
        assertThat(piece).isEqualTo(java.util.Arrays.copyOfRange(sent, at, at + piece.length));
        captured.set(at, at + piece.length);
        at += piece.length;
      }
      assertThat((long) at).isLessThanOrEqualTo(end);
    }
    return ranges(captured);
  }

  private static String ranges(BitSet bits) {
    StringBuilder text = new StringBuilder();
    for (int from = bits.nextSetBit(0); from >= 0; ) {
      int to = bits.nextClearBit(from);
      text.append(from).append("..").append(to).append('\n');
      from = bits.nextSetBit(to);
    }
    return text.toString();
  }

  private long counted(CaptureCounter counter) throws Exception {
    return context.map("counters").perCpuSum(counter.index());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          whole                   | a.sendall(d)                                    | 1 << 20
          nine and then what they announce | a.sendall(d)                           | random.choice((9, 9, 16384))
          cut anywhere            | a.sendall(d)                                    | random.choice((1, 3, 9, 17, 500, 60000))
          scattered               | [a.sendmsg(p) for p in scattered(d)]            | random.choice((7, 4000))
          """)
  void everythingButBodiesIsCaptured(String name, String write, String size) throws Exception {
    FrameStream requests = new FrameStream(new Random(17)).preface();
    requests.frame(FrameStream.SETTINGS, 0, 0, 18).anything(120);
    give("requests", requests.bytes());
    List<CapturedRecord> records =
        run(
            """
            random.seed(5); c, s = pair(); d = content('requests')
            c.sendall(d[:33]); s.recv(24); s.recv(9)
            s.settimeout(20); c.settimeout(20)
            converse(c, s, d[33:], lambda a, d: %s, lambda: %s)
            """
                .formatted(write, size));
    assertThat(counted(CaptureCounter.RING_FULL)).isZero();
    assertThat(counted(CaptureCounter.HTTP2_LOST)).isZero();
    assertThat(captured(records, RecordLayout.Direction.TX, requests.bytes()))
        .isEqualTo(ranges(requests.wanted()));
    assertThat(captured(records, RecordLayout.Direction.RX, requests.bytes()))
        .isEqualTo(ranges(requests.wanted()));
  }

  @Test
  void aServerThatSpeaksFirstIsRecognisedByItsSettings() throws Exception {
    FrameStream answers = new FrameStream(new Random(3));
    answers.frame(FrameStream.SETTINGS, 0, 0, 12).anything(40);
    give("answers", answers.bytes());
    List<CapturedRecord> records =
        run(
            """
            c, s = pair(); d = content('answers')
            converse(s, c, d, lambda a, d: a.sendall(d), lambda: 8192)
            """);
    assertThat(captured(records, RecordLayout.Direction.TX, answers.bytes()))
        .isEqualTo(ranges(answers.wanted()));
    assertThat(captured(records, RecordLayout.Direction.RX, answers.bytes()))
        .isEqualTo(ranges(answers.wanted()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anUpgradeFromHttp1IsFollowed(boolean together) throws Exception {
    String head = "HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";
    FrameStream answers = new FrameStream(new Random(4)).text(head);
    answers.frame(FrameStream.SETTINGS, 0, 0, 12).anything(30);
    give("answers", answers.bytes());
    List<CapturedRecord> records =
        run(
            """
            c, s = pair(); d = content('answers'); n = %s
            c.sendall(b'GET / HTTP/1.1\\r\\nHost: a\\r\\nUpgrade: h2c\\r\\n\\r\\n'); s.recv(999)
            s.sendall(d[:n]); receive(c, n, lambda: n)
            s.sendall(d[n:]); receive(c, len(d) - n, lambda: 5000)
            """
                .formatted(together ? "len(d)" : head.length()));
    long server = records.get(1).connection();
    List<CapturedRecord> answered =
        records.stream()
            .filter(
                r ->
                    r.direction()
                        == (r.connection() == server
                            ? RecordLayout.Direction.TX
                            : RecordLayout.Direction.RX))
            .toList();
    assertThat(captured(answered, RecordLayout.Direction.TX, answers.bytes()))
        .isEqualTo(ranges(answers.wanted()));
    assertThat(captured(answered, RecordLayout.Direction.RX, answers.bytes()))
        .isEqualTo(ranges(answers.wanted()));
  }
}
