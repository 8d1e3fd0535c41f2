package io.sonde.probes.probe.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.contract.CaptureCounter;
import io.sonde.contract.RecordLayout;
import io.sonde.probes.probe.CapturedRecord;
import io.sonde.probes.probe.Fragments;
import io.sonde.probes.probe.FrameStream;
import io.sonde.probes.probe.ProbeKit;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
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
    assertThat(Fragments.captured(records, RecordLayout.Direction.TX, requests.bytes()))
        .isEqualTo(requests.wanted());
    assertThat(Fragments.captured(records, RecordLayout.Direction.RX, requests.bytes()))
        .isEqualTo(requests.wanted());
  }

  @ParameterizedTest
  @ValueSource(strings = {"24", "9, 15", "14, 10", "14, 1, 9", "23, 1", "24, 9"})
  void aPrefaceIsKnownHoweverItIsRead(String sizes) throws Exception {
    FrameStream requests = new FrameStream(new Random(9)).preface();
    requests.frame(FrameStream.SETTINGS, 0, 0, 18).anything(10);
    give("requests", requests.bytes());
    List<CapturedRecord> records =
        run(
            """
            c, s = pair(); d = content('requests'); c.sendall(d); left = len(d)
            for n in (%s,): left -= len(s.recv(n))
            receive(s, left, lambda: 9000)
            """
                .formatted(sizes));
    assertThat(Fragments.captured(records, RecordLayout.Direction.RX, requests.bytes()))
        .isEqualTo(requests.wanted());
  }

  @Test
  void aBodyThatMentionsThePrefaceIsHttp1() throws Exception {
    List<CapturedRecord> records =
        run(
            """
            c, s = pair()
            for part in (b'POST / HTTP/1.1\\r\\n\\r\\n', b'PRI * HTTP', b'\\0\\0\\0\\4\\0\\0\\0\\0\\0'):
                c.sendall(part); s.recv(99)
            """);
    assertThat(records).hasSize(6).noneMatch(r -> r.has(RecordLayout.Flag.FRAGMENTS));
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
    assertThat(Fragments.captured(records, RecordLayout.Direction.TX, answers.bytes()))
        .isEqualTo(answers.wanted());
    assertThat(Fragments.captured(records, RecordLayout.Direction.RX, answers.bytes()))
        .isEqualTo(answers.wanted());
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
    assertThat(Fragments.captured(answered, RecordLayout.Direction.TX, answers.bytes()))
        .isEqualTo(answers.wanted());
    assertThat(Fragments.captured(answered, RecordLayout.Direction.RX, answers.bytes()))
        .isEqualTo(answers.wanted());
  }

  @Test
  void aConnectionOlderThanTheCaptureIsFoundAtTheBeginOfAFrame() throws Exception {
    FrameStream older = new FrameStream(new Random(7)).preface().anything(3);
    int before = older.bytes().length;
    FrameStream requests = older.frame(FrameStream.DATA, 0, 1, 9000);
    int unknown = requests.bytes().length;
    requests.frame(FrameStream.HEADERS, 4, 3, 50).anything(20);
    give("requests", requests.bytes());
    Process process =
        python(
            PAIR
                + """
                c, s = pair(); d = content('requests')
                def tell(data): c.sendall(data); receive(s, len(data), lambda: 1 << 20)
                tell(d[:%1$d]); print(flush=True); sys.stdin.readline()
                tell(d[%1$d:%2$d]); tell(d[%2$d:])
                """
                    .formatted(before, unknown));
    go(process);
    assertThat(process.getInputStream().read()).isEqualTo('\n');
    select(process.pid());
    finish(process);
    // what is told without frames is of a body: nothing can be made of it
    List<CapturedRecord> records = activities();
    assertThat(records.get(0).has(RecordLayout.Flag.FRAGMENTS)).isFalse();
    byte[] later = Arrays.copyOfRange(requests.bytes(), before, requests.bytes().length);
    String expected = requests.wantedFrom(unknown, before);
    for (int direction : new int[] {RecordLayout.Direction.TX, RecordLayout.Direction.RX}) {
      assertThat(
              Fragments.captured(
                  records.stream().filter(r -> r.has(RecordLayout.Flag.FRAGMENTS)).toList(),
                  direction,
                  later))
          .isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1 << 20", "random.choice((9, 16384))", "random.choice((1, 3, 7, 500))"})
  void theBeginOfEveryMessageOfGrpcIsCapturedWhereverInAFrameItIs(String size) throws Exception {
    FrameStream requests = new FrameStream(new Random(21)).preface().messages(5, 40);
    give("requests", requests.bytes());
    List<CapturedRecord> records =
        run(
            """
            random.seed(8); c, s = pair(); d = content('requests')
            c.sendall(d[:24]); s.recv(24)
            converse(c, s, d[24:], lambda a, d: a.sendall(d), lambda: %s)
            """
                .formatted(size));
    assertThat(counted(CaptureCounter.RING_FULL)).isZero();
    assertThat(Fragments.captured(records, RecordLayout.Direction.TX, requests.bytes()))
        .isEqualTo(requests.wanted());
    assertThat(Fragments.captured(records, RecordLayout.Direction.RX, requests.bytes()))
        .isEqualTo(requests.wanted());
  }

  @Test
  void aBodyOfZerosIsNotTakenForMessagesWithoutEnd() throws Exception {
    int body = 16384;
    byte[] frame = new byte[9 + body];
    frame[1] = (byte) (body >> 8);
    frame[8] = 1;
    FrameStream requests = new FrameStream(new Random(1)).preface();
    requests.text(new String(frame, StandardCharsets.ISO_8859_1));
    give("requests", requests.bytes());
    List<CapturedRecord> records =
        run("c, s = pair(); c.sendall(content('requests')); receive(s, 33, lambda: 33)");
    assertThat(records)
        .filteredOn(r -> r.direction() == RecordLayout.Direction.TX)
        .singleElement()
        .matches(r -> r.bytes() == 24 + 9 + body && r.data().length() < 200);
  }

  @Test
  void aBodyThatIsSentWithoutItsBytesIsPassed() throws Exception {
    FrameStream answers = new FrameStream(new Random(12)).frame(FrameStream.SETTINGS, 0, 0, 6);
    give("answers", answers.frame(FrameStream.DATA, 0, 1, 16000).anything(5).bytes());
    int body = 9 + 6 + 9;
    List<CapturedRecord> records =
        run(
            """
            c, s = pair(); d = content('answers')
            with open(os.path.join(here, 'answers'), 'rb') as f:
                s.sendall(d[:%1$d]); assert os.sendfile(s.fileno(), f.fileno(), %1$d, 16000) == 16000
            s.sendall(d[%2$d:]); receive(c, len(d), lambda: 9000)
            """
                .formatted(body, body + 16000));
    assertThat(counted(CaptureCounter.HTTP2_LOST)).isZero();
    assertThat(Fragments.captured(records, RecordLayout.Direction.TX, answers.bytes()))
        .isEqualTo(answers.wantedFrom(0, 0).replace("0..40\n", "0..24\n"));
  }

  @Test
  void whatIsLostIsCountedAndFoundAgain() throws Exception {
    FrameStream requests = new FrameStream(new Random(13)).preface();
    int lost = requests.frame(FrameStream.SETTINGS, 0, 0, 6).bytes().length;
    int found = requests.frame(FrameStream.HEADERS, 4, 1, 300).bytes().length;
    give("requests", requests.frame(FrameStream.HEADERS, 4, 3, 50).anything(10).bytes());
    List<CapturedRecord> records =
        run(
            """
            c, s = pair(); d = content('requests')
            c.sendall(d[:%1$d])
            with open(os.path.join(here, 'requests'), 'rb') as f:
                assert os.sendfile(c.fileno(), f.fileno(), %1$d, %2$d) == %2$d
            c.sendall(d[%1$d + %2$d:]); receive(s, len(d), lambda: 1 << 20)
            """
                .formatted(lost, found - lost));
    assertThat(counted(CaptureCounter.HTTP2_LOST)).isEqualTo(1);
    List<CapturedRecord> sent =
        records.stream().filter(r -> r.direction() == RecordLayout.Direction.TX).toList();
    assertThat(sent).extracting(CapturedRecord::bytes).contains(found - lost);
    assertThat(sent)
        .filteredOn(r -> r.bytes() == found - lost)
        .singleElement()
        .matches(r -> r.has(RecordLayout.Flag.NO_DATA) && !r.has(RecordLayout.Flag.FRAGMENTS));
    assertThat(
            Fragments.captured(
                sent.stream().filter(r -> r.has(RecordLayout.Flag.FRAGMENTS)).toList(),
                RecordLayout.Direction.TX,
                requests.bytes()))
        .isEqualTo("0.." + lost + "\n" + requests.wantedFrom(found, 0));
  }
}
