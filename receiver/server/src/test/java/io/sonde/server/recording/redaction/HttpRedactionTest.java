package io.sonde.server.recording.redaction;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.contract.MalformedRecordException;
import io.sonde.contract.RecordLayout.Direction;
import io.sonde.contract.RecordLayout.Kind;
import io.sonde.contract.RecordLayout.Role;
import io.sonde.contract.RecordReader;
import io.sonde.contract.v1.CaptureMessage;
import io.sonde.contract.v1.Hello;
import io.sonde.contract.v1.ProcessStarted;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HttpRedactionTest {
  private static final int RX = Direction.RX;
  private static final int TX = Direction.TX;

  /** Every secret of the conversations below has this in it. */
  private static final String SECRET = "hunter2";

  private record Side(int direction, String bytes) {}

  private static final List<Side> CONVERSATION =
      List.of(
          new Side(
              RX,
              "POST /login;jsessionid=hunter2-a/x?user=ada&password=hunter2-b&hunter2-c HTTP/1.1\r\n"
                  + "Host: shop.example:8080\r\n"
                  + "Authorization: Bearer hunter2-d\r\n"
                  + "Cookie: a=hunter2-e;\r\n hunter2-f\r\n"
                  + "X-Internal-Anything: hunter2-g\r\n"
                  + "User-Agent: curl/8\r\n"
                  + "Content-Length: 21\r\n\r\n"
                  + "{\"password\":\"hunter2\"}".substring(0, 21)),
          new Side(
              TX,
              "HTTP/1.1 100 hunter2-h\r\n\r\nHTTP/1.1 200 hunter2-i\r\n"
                  + "Set-Cookie: hunter2-j\r\nLocation: /?hunter2-k\r\n"
                  + "Transfer-Encoding: gzip, chunked\r\n\r\n"
                  + "9;x=hunter2-l\r\nhunter2-m\r\n"
                  + "0\r\nX-Digest: hunter2-n\r\n\r\n"),
          new Side(
              RX,
              "HEAD http://ada:hunter2-o@shop.example/a?hunter2-p HTTP/1.1\r\nproxy-authorization:"
                  + "hunter2-q\r\n\r\n"),
          new Side(TX, "HTTP/1.1 200 OK\r\nContent-Length: 4711\r\nETag: hunter2-r\r\n\r\n"),
          new Side(RX, "GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: b\r\n\r\n"),
          new Side(
              TX,
              "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"
                  + "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhunter2-s"),
          new Side(RX, "GET /chat HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"),
          new Side(TX, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\nhunter2-t"),
          new Side(RX, "GET /hunter2-u HTTP/1.1\r\nHost: hunter2-v\r\n\r\n"),
          new Side(TX, "hunter2-w"));

  /**
   * The same without what looks like HTTP in its tunnel: where the answer that made it a tunnel was
   * not seen, its path is as good as any.
   */
  private static final List<Side> SEEN_IN_PART = CONVERSATION.subList(0, CONVERSATION.size() - 2);

  @Test
  void aConversationKeepsItsFramingAndLosesItsSecrets() throws Exception {
    RecordBytes records = new RecordBytes(1).opened(Role.SERVER);
    CONVERSATION.forEach(
        side -> records.moved(side.direction(), side.bytes().getBytes(ISO_8859_1)));

    assertThat(redacted(records).replace('\0', '_'))
        .isEqualTo(
            "POST /login;********************/x?****=***&********=*********&********* HTTP/1.1\r\n"
                    .replace(
                        ";********************/",
                        ";" + "*".repeat("jsessionid=hunter2-a".length()) + "/")
                + "Host: shop.example:8080\r\n"
                + "Authorization:"
                + "*".repeat(17)
                + "\r\n"
                + "Cookie:"
                + "*".repeat(13)
                + "\r\n"
                + " *********\r\n"
                + "X-Internal-Anything:"
                + "*".repeat(10)
                + "\r\n"
                + "User-Agent: curl/8\r\n"
                + "Content-Length: 21\r\n\r\n"
                + "_".repeat(21)
                + "HTTP/1.1 100 *********\r\n\r\nHTTP/1.1 200 *********\r\n"
                + "Set-Cookie:**********\r\nLocation:************\r\n"
                + "Transfer-Encoding: gzip, chunked\r\n\r\n"
                + "9;***********\r\n_________\r\n0\r\nX-Digest:**********\r\n\r\n"
                + "HEAD http://"
                + "*".repeat(26)
                + "/a?********* HTTP/1.1\r\nproxy-authorization:"
                + "*********\r\n\r\n"
                + "HTTP/1.1 200 **\r\nContent-Length: 4711\r\nETag:**********\r\n\r\n"
                + "GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: b\r\n\r\n"
                + "HTTP/1.1 304 ************\r\nContent-Length: 5\r\n\r\n"
                + "HTTP/1.1 200 **\r\nContent-Length: 9\r\n\r\n_________"
                + "GET /chat HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
                + "HTTP/1.1 101 *******************\r\nUpgrade: websocket\r\n\r\n_________"
                + "_".repeat(44)
                + "_________");
  }

  @Test
  void plaintextOfTlsIsRedactedAsClearTextIs() throws Exception {
    RecordBytes clear = new RecordBytes(1).opened(Role.SERVER);
    RecordBytes held = new RecordBytes(0, 7).readable();
    RecordBytes plaintext = new RecordBytes(1, 7).readable();
    for (Side side : CONVERSATION) {
      byte[] bytes = side.bytes().getBytes(ISO_8859_1);
      clear.moved(side.direction(), bytes);
      held.moved(side.direction(), bytes);
      plaintext.moved(side.direction(), bytes);
    }
    assertThat(redacted(plaintext)).isEqualTo(redacted(clear)).doesNotContain(SECRET);
    assertThat(redacted(held)).isEqualTo(redacted(clear));
  }

  @Test
  void plaintextThatMayBeginAnywhereIsKeptFromARequestOn() throws Exception {
    RecordBytes plaintext = new RecordBytes(1, 7).moved(TX, SECRET.getBytes(ISO_8859_1));
    plaintext.moved(RX, "GET /a?hunter2 HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(ISO_8859_1));
    assertThat(redacted(plaintext).replace('\0', '_'))
        .isEqualTo("_______GET /a?******* HTTP/1.1\r\nHost: a\r\n\r\n");
  }

  @Test
  void sessionsOfOneConnectionAreRedactedEachForItself() throws Exception {
    HttpRedaction redaction = new HttpRedaction();
    RecordBytes first = new RecordBytes(1, 7).readable().moved(RX, "GET /".getBytes(ISO_8859_1));
    RecordBytes second = new RecordBytes(1, 8).readable().moved(RX, "hunter2".getBytes(ISO_8859_1));
    redaction.apply(first.message());
    assertThat(text(redaction.apply(second.message()))).doesNotContain(SECRET);
  }

  @Test
  void howeverTheBytesAreCutNoSecretIsLeftAndTheSameIsKept() throws Exception {
    Random random = new Random(11);
    String whole = redacted(cut(random, 1 << 20, Role.SERVER));
    for (int round = 0; round < 3_000; round++) {
      int role = round % 2 == 0 ? Role.SERVER : Role.UNKNOWN;
      String result = redacted(cut(random, 1 + random.nextInt(40), role));
      assertThat(result).as("round %d", round).doesNotContain(SECRET, "unter2");
      if (role == Role.SERVER) {
        // What is split inside its authority or its start line may be blanked more, never less.
        assertThat(keeps(whole, result)).as("round %d", round).isTrue();
      }
    }
  }

  @Test
  void withGapsAndLossesNoSecretIsLeft() throws Exception {
    Random random = new Random(12);
    for (int round = 0; round < 3_000; round++) {
      RecordBytes records = new RecordBytes(round).opened(Role.SERVER);
      for (Side side : SEEN_IN_PART) {
        byte[] bytes = side.bytes().getBytes(ISO_8859_1);
        if (random.nextInt(4) == 0) {
          records.lost();
        }
        records.moved(side.direction(), bytes, random.nextInt(bytes.length + 1));
      }
      assertThat(redacted(records)).as("round %d", round).doesNotContain(SECRET);
    }
  }

  @Test
  void whatIsNotHttpIsBlankedFromItsFirstByte() throws Exception {
    for (String bytes :
        List.of(
            "AUTH hunter2\r\n",
            "PASS /hunter2\r\n",
            "*2\r\n$4\r\nAUTH\r\n$7\r\nhunter2\r\n",
            "get hunter2\r\n",
            "\u0016\u0003\u0001hunter2",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nhunter2")) {
      RecordBytes records =
          new RecordBytes(1).opened(Role.SERVER).moved(RX, bytes.getBytes(ISO_8859_1));
      assertThat(redacted(records)).as(bytes).doesNotContain(SECRET);
    }
  }

  @Test
  void ofTlsThatIsNotReadItIsKeptThatItIsTls() throws Exception {
    RecordBytes records = new RecordBytes(1).opened(Role.SERVER);
    records.moved(RX, "\u0016\u0003\u0001\u0002\u0000hunter2".getBytes(ISO_8859_1));
    records.moved(TX, "\u0017\u0003\u0005hunter2".getBytes(ISO_8859_1));
    assertThat(redacted(records)).isEqualTo("\u0016\u0003\u0001" + "\0".repeat(9 + 10));
  }

  @Test
  void noiseNeitherFailsNorGrows() throws Exception {
    Random random = new Random(13);
    HttpRedaction redaction = new HttpRedaction();
    for (int round = 0; round < 2_000; round++) {
      byte[] noise = new byte[random.nextInt(200)];
      random.nextBytes(noise);
      CaptureMessage message =
          new RecordBytes(round % 7).opened(round % 3).moved(round & 1, noise).message();
      byte[] broken = message.getBlock().getRecords().toByteArray();
      broken[random.nextInt(broken.length)] ^= (byte) (1 << random.nextInt(8));
      CaptureMessage damaged =
          message.toBuilder()
              .setBlock(
                  message.getBlock().toBuilder()
                      .setRecords(com.google.protobuf.ByteString.copyFrom(broken)))
              .build();
      assertThat(redaction.apply(damaged).getBlock().getRecords().size()).isEqualTo(broken.length);
    }
  }

  @Test
  void aBlockThatCannotBeReadIsBlanked() {
    byte[] secret = ("x".repeat(80) + SECRET).getBytes(ISO_8859_1);
    CaptureMessage message = new RecordBytes(1).opened(Role.SERVER).moved(RX, secret).message();
    byte[] records = message.getBlock().getRecords().toByteArray();
    records[4] = 99;
    CaptureMessage damaged =
        message.toBuilder()
            .setBlock(
                message.getBlock().toBuilder()
                    .setRecords(com.google.protobuf.ByteString.copyFrom(records)))
            .build();
    assertThat(new HttpRedaction().apply(damaged).getBlock().getRecords().toByteArray())
        .containsOnly(0);
  }

  @Test
  void aCommandLineKeepsWhatNamesTheService() {
    assertThat(
            Arguments.redacted("/usr/bin/curl", List.of("curl", "-u", "ada:hunter2", "http://a")))
        .containsExactly("curl", "***", "***", "***");
    assertThat(
            Arguments.redacted(
                "/usr/lib/jvm/bin/java",
                List.of("java", "-Dkey=hunter2", "-cp", "a:b", "com.example.Shop", "hunter2")))
        .containsExactly("java", "***", "-cp", "***", "com.example.Shop", "***");
    assertThat(Arguments.redacted("/usr/bin/python3.11", List.of("python3", "-c", "hunter2")))
        .containsExactly("python3", "***", "***");
    assertThat(
            Arguments.redacted(
                "/usr/bin/node", List.of("node", "--max-old=1", "app.js", "hunter2")))
        .containsExactly("node", "***", "app.js", "***");
    assertThat(Arguments.redacted("", List.of())).isEmpty();
  }

  @Test
  void variablesOtherThanThoseThatNameTheServiceAreBlanked() {
    CaptureMessage redacted =
        new HttpRedaction()
            .apply(
                CaptureMessage.newBuilder()
                    .setProcessStarted(
                        ProcessStarted.newBuilder()
                            .putEnvironment("OTEL_SERVICE_NAME", "shop")
                            .putEnvironment("OTEL_EXPORTER_OTLP_HEADERS", SECRET))
                    .build());
    assertThat(redacted.getProcessStarted().getEnvironmentMap())
        .containsEntry("OTEL_SERVICE_NAME", "shop")
        .containsEntry("OTEL_EXPORTER_OTLP_HEADERS", "***");
    CaptureMessage hello =
        CaptureMessage.newBuilder().setHello(Hello.newBuilder().setHostName("a")).build();
    assertThat(new HttpRedaction().apply(hello)).isEqualTo(hello);
  }

  /** The conversation in operations of at most so many bytes. */
  private static RecordBytes cut(Random random, int atMost, int role) {
    RecordBytes records = new RecordBytes(2).opened(role);
    for (Side side : role == Role.UNKNOWN ? SEEN_IN_PART : CONVERSATION) {
      byte[] bytes = side.bytes().getBytes(ISO_8859_1);
      for (int from = 0; from < bytes.length; ) {
        int to = Math.min(bytes.length, from + 1 + random.nextInt(atMost));
        records.moved(side.direction(), Arrays.copyOfRange(bytes, from, to));
        from = to;
      }
    }
    return records;
  }

  private static boolean keeps(String whole, String result) {
    if (whole.length() != result.length()) {
      return false;
    }
    for (int i = 0; i < whole.length(); i++) {
      boolean blanked = result.charAt(i) == '*' || result.charAt(i) == 0;
      if (whole.charAt(i) != result.charAt(i) && !blanked) {
        return false;
      }
    }
    return true;
  }

  /** All captured bytes, in order, after redaction. */
  private static String redacted(RecordBytes records) throws MalformedRecordException {
    return text(new HttpRedaction().apply(records.message()));
  }

  private static String text(CaptureMessage message) throws MalformedRecordException {
    byte[] block = message.getBlock().getRecords().toByteArray();
    RecordReader reader = new RecordReader();
    reader.wrap(block, 0, block.length);
    StringBuilder text = new StringBuilder();
    while (reader.next()) {
      if (reader.kind() == Kind.ACTIVITY || reader.kind() == Kind.PLAINTEXT) {
        text.append(new String(reader.data(), reader.dataOffset(), reader.captured(), ISO_8859_1));
      }
    }
    return text.toString();
  }
}
