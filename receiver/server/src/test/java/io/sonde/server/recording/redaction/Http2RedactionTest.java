package io.sonde.server.recording.redaction;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.sonde.contract.RecordLayout.Direction;
import io.sonde.contract.RecordLayout.Fragment;
import io.sonde.contract.RecordLayout.Kind;
import io.sonde.contract.RecordLayout.Role;
import io.sonde.contract.RecordReader;
import io.sonde.contract.v1.CaptureMessage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Netty writes the header blocks, and reads what is left of them. */
class Http2RedactionTest {
  private static final int RX = Direction.RX;
  private static final int TX = Direction.TX;
  private static final String SECRET = "hunter2";
  private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1);

  /** One side's bytes, and which of them a capture forwards. */
  private static final class Side {
    final Random random;
    final Http2HeadersEncoder encoder;
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    final ByteArrayOutputStream captured = new ByteArrayOutputStream(); // 1 by byte

    Side(Random random, boolean huffman) {
      this.random = random;
      this.encoder =
          new DefaultHttp2HeadersEncoder(
              Http2HeadersEncoder.NEVER_SENSITIVE, false, 16, huffman ? 0 : Integer.MAX_VALUE);
    }

    void write(byte[] data, boolean isCaptured) {
      bytes.writeBytes(data);
      byte[] marks = new byte[data.length];
      Arrays.fill(marks, (byte) (isCaptured ? 1 : 0));
      captured.writeBytes(marks);
    }

    void frame(int type, int flags, int stream, byte[] payload) {
      write(
          ByteBuffer.allocate(9)
              .put(new byte[] {(byte) (payload.length >> 16), (byte) (payload.length >> 8)})
              .put((byte) payload.length)
              .put((byte) type)
              .put((byte) flags)
              .putInt(stream)
              .array(),
          true);
      boolean whole = type != 0;
      int kept = whole ? payload.length : Math.min(16, payload.length);
      write(Arrays.copyOf(payload, kept), true);
      write(Arrays.copyOfRange(payload, kept, payload.length), false);
    }

    void headers(int stream, boolean last, Http2Headers headers) throws Exception {
      ByteBuf block = Unpooled.buffer();
      encoder.encodeHeaders(stream, headers, block);
      byte[] all = new byte[block.readableBytes()];
      block.readBytes(all);
      int cut = random.nextInt(3) == 0 ? random.nextInt(all.length + 1) : all.length;
      byte[] first = Arrays.copyOf(all, cut);
      int flags = (last ? 1 : 0) | (cut == all.length ? 4 : 0);
      if (random.nextInt(3) == 0) {
        first = join(new byte[] {0, 0, 0, 0, 16}, first);
        flags |= 0x20;
      }
      if (random.nextInt(3) == 0) {
        first = join(new byte[] {9}, first, (SECRET + "!!").getBytes(ISO_8859_1));
        flags |= 8;
      }
      frame(1, flags, stream, first);
      if (cut < all.length) {
        frame(9, 4, stream, Arrays.copyOfRange(all, cut, all.length));
      }
    }

    void message(int stream, boolean last, String content) {
      byte[] data = content.getBytes(ISO_8859_1);
      frame(
          0,
          last ? 1 : 0,
          stream,
          ByteBuffer.allocate(5 + data.length).put((byte) 0).putInt(data.length).put(data).array());
    }
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private final List<Map.Entry<String, String>> sent = new ArrayList<>();

  private Http2Headers request(Random random, int n) {
    Http2Headers headers = new DefaultHttp2Headers(false);
    headers.method("POST").scheme("https").authority("shop.example");
    headers.path("/shop.Cart/Add" + (n % 3 == 0 ? "?q=" + SECRET + random.nextInt(1000) : ""));
    headers.add("content-type", "application/grpc+proto").add("te", "trailers");
    headers.add("authorization", "Bearer " + SECRET + random.nextInt(3));
    headers.add("x-" + random.nextInt(4), SECRET + "ä" + random.nextInt(1000));
    headers.add("user-agent", "grpc-java/1.80");
    return headers;
  }

  private Side client(Random random, boolean huffman, int streams) throws Exception {
    Side client = new Side(random, huffman);
    client.write(PREFACE, true);
    client.frame(4, 0, 0, new byte[] {0, 3, 0, 0, 0, 100});
    for (int n = 0; n < streams; n++) {
      int stream = 2 * n + 1;
      Http2Headers headers = request(random, n);
      headers.forEach(h -> sent.add(Map.entry(h.getKey().toString(), h.getValue().toString())));
      client.headers(stream, false, headers);
      client.message(stream, false, SECRET.repeat(random.nextInt(20)));
      client.message(stream, true, SECRET);
      client.frame(6, 0, 0, "hunter2!".getBytes(ISO_8859_1));
      client.frame(8, 0, 0, new byte[] {0, 0, 1, 0});
    }
    client.frame(7, 0, 0, join(new byte[8], SECRET.getBytes(ISO_8859_1)));
    return client;
  }

  /** All that is left, and what netty makes of its header blocks. */
  private record Left(
      byte[] bytes, List<Map.Entry<String, String>> fields, List<Integer> lengths) {}

  private static Left left(byte[] bytes) throws Exception {
    List<Map.Entry<String, String>> fields = new ArrayList<>();
    List<Integer> messages = new ArrayList<>();
    DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
    ByteBuffer data = ByteBuffer.wrap(bytes, PREFACE.length, bytes.length - PREFACE.length);
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    while (data.hasRemaining()) {
      int length = (data.getShort() & 0xffff) << 8 | data.get() & 0xff;
      int type = data.get();
      int flags = data.get();
      int stream = data.getInt();
      byte[] payload = new byte[length];
      data.get(payload);
      if (type == 0) {
        messages.add(ByteBuffer.wrap(payload).getInt(1));
      }
      if (type != 1 && type != 9) {
        continue;
      }
      int from = (flags & 8) != 0 && type == 1 ? 1 : 0;
      int to = from == 1 ? length - payload[0] : length;
      from += (flags & 0x20) != 0 && type == 1 ? 5 : 0;
      block.write(payload, from, to - from);
      if ((flags & 4) != 0) {
        decoder
            .decodeHeaders(stream, Unpooled.wrappedBuffer(block.toByteArray()))
            .forEach(h -> fields.add(Map.entry(h.getKey().toString(), h.getValue().toString())));
        block.reset();
      }
    }
    return new Left(bytes, fields, messages);
  }

  private void assertRedacted(Left left) {
    assertThat(new String(left.bytes(), ISO_8859_1)).doesNotContain(SECRET, "unter");
    assertThat(left.fields()).hasSameSizeAs(sent);
    for (int i = 0; i < sent.size(); i++) {
      String name = sent.get(i).getKey();
      String before = sent.get(i).getValue();
      String after = left.fields().get(i).getValue();
      assertThat(left.fields().get(i).getKey()).isEqualTo(name);
      if (name.equals(":path")) {
        int query = before.indexOf('?');
        String kept = query < 0 ? before : before.substring(0, query + 1);
        assertThat(after).startsWith(kept);
        assertThat(after.substring(kept.length())).matches("[*X]*");
      } else if (before.contains(SECRET)) {
        assertThat(after).as(name).matches("[*X]+");
      } else {
        assertThat(after).as(name).isEqualTo(before);
      }
    }
  }

  @Test
  void framesKeepTheirShapeAndLoseTheirSecretsHoweverTheyAreCut() throws Exception {
    for (int round = 0; round < 400; round++) {
      Random random = new Random(round);
      sent.clear();
      byte[] bytes = client(random, round % 2 == 0, 1 + random.nextInt(6)).bytes.toByteArray();
      RecordBytes records = new RecordBytes(1).opened(Role.SERVER);
      int atMost = 1 + random.nextInt(200);
      for (int from = 0; from < bytes.length; ) {
        // A preface that is cut is not known for one.
        int least = from == 0 ? PREFACE.length : 1;
        int to = Math.min(bytes.length, from + least + random.nextInt(atMost));
        records.moved(RX, Arrays.copyOfRange(bytes, from, to));
        from = to;
      }
      assertRedacted(left(moved(new HttpRedaction().apply(records.message()), bytes.length)));
    }
  }

  @Test
  void soDoFragments() throws Exception {
    for (int round = 0; round < 400; round++) {
      Random random = new Random(round);
      sent.clear();
      Side client = client(random, round % 2 == 0, 1 + random.nextInt(6));
      byte[] bytes = client.bytes.toByteArray();
      byte[] captured = client.captured.toByteArray();
      RecordBytes records = new RecordBytes(1).opened(Role.SERVER);
      for (int from = 0; from < bytes.length; ) {
        int least = from == 0 ? PREFACE.length : 1;
        int to = Math.min(bytes.length, from + least + random.nextInt(300));
        boolean[] marks = new boolean[to - from];
        for (int i = from; i < to; i++) {
          marks[i - from] = captured[i] == 1;
        }
        records.fragments(RX, Arrays.copyOfRange(bytes, from, to), marks);
        from = to;
      }
      Left left = left(moved(new HttpRedaction().apply(records.message()), bytes.length));
      assertRedacted(left);
      assertThat(left.lengths().stream().filter(length -> length == SECRET.length()))
          .as("lengths of messages")
          .hasSizeGreaterThanOrEqualTo(1);
    }
  }

  @Test
  void anAnswerKeepsItsStatusAndLosesItsMessage() throws Exception {
    Side server = new Side(new Random(1), true);
    server.frame(4, 0, 0, new byte[0]);
    Http2Headers head = new DefaultHttp2Headers(false).status("200");
    head.add("content-type", "application/grpc").add("set-cookie", SECRET);
    server.headers(1, false, head);
    server.message(1, false, SECRET);
    server.headers(
        1,
        true,
        new DefaultHttp2Headers(false).add("grpc-status", "13").add("grpc-message", SECRET));
    byte[] bytes = server.bytes.toByteArray();
    RecordBytes records = new RecordBytes(1).opened(Role.SERVER);
    records.moved(RX, PREFACE);
    records.moved(TX, bytes);

    byte[] all = moved(new HttpRedaction().apply(records.message()), PREFACE.length + bytes.length);
    Left left = left(all);
    assertThat(left.fields())
        .contains(
            Map.entry(":status", "200"),
            Map.entry("content-type", "application/grpc"),
            Map.entry("grpc-status", "13"))
        .noneMatch(field -> field.getValue().contains(SECRET));
    assertThat(left.lengths()).containsExactly(SECRET.length());
  }

  @Test
  void whatIsNotKnownFromItsBeginningIsBlanked() throws Exception {
    Side client = client(new Random(3), false, 2);
    byte[] bytes = client.bytes.toByteArray();
    byte[] later = Arrays.copyOfRange(bytes, PREFACE.length, bytes.length);
    boolean[] all = new boolean[later.length];
    Arrays.fill(all, true);

    RecordBytes older = new RecordBytes(1).opened(Role.UNKNOWN).fragments(RX, later, all);
    assertThat(moved(new HttpRedaction().apply(older.message()), later.length)).containsOnly(0);
    assertThat(new HttpRedaction().apply(older.message()).getBlock().getRecords().toByteArray())
        .as("what fills fragments up")
        .doesNotContain((byte) '!');

    RecordBytes afterALoss =
        new RecordBytes(1).opened(Role.SERVER).moved(RX, PREFACE).lost().fragments(RX, later, all);
    byte[] left =
        moved(new HttpRedaction().apply(afterALoss.message()), PREFACE.length + later.length);
    assertThat(Arrays.copyOfRange(left, PREFACE.length, left.length)).containsOnly(0);
  }

  @Test
  void aPathThatIsNoneIsBlanked() throws Exception {
    for (boolean huffman : new boolean[] {true, false}) {
      for (String path : List.of(SECRET, "?" + SECRET, "~" + SECRET, "/a;" + SECRET, "/?", "/;")) {
        Side client = new Side(new Random(5), huffman);
        client.write(PREFACE, true);
        client.frame(4, 0, 0, new byte[0]);
        client.headers(1, true, new DefaultHttp2Headers(false).method("GET").path(path));
        byte[] bytes = client.bytes.toByteArray();
        RecordBytes records = new RecordBytes(1).opened(Role.SERVER).moved(RX, bytes);
        Left left = left(moved(new HttpRedaction().apply(records.message()), bytes.length));
        assertThat(left.fields())
            .as("%s, %s", path, huffman)
            .filteredOn(field -> field.getKey().equals(":path"))
            .singleElement()
            .satisfies(field -> assertThat(field.getValue()).matches("(/a;|/[?;]|[?~])?[*X]*"));
      }
    }
  }

  @Test
  void noiseBehindAPrefaceNeitherFailsNorGrows() throws Exception {
    Random random = new Random(9);
    for (int round = 0; round < 5_000; round++) {
      byte[] noise = new byte[9 + random.nextInt(200)];
      random.nextBytes(noise);
      noise[0] = noise[1] = 0;
      noise[3] = (byte) random.nextInt(12);
      byte[] settings = {0, 0, 0, 4, 0, 0, 0, 0, 0};
      byte[] bytes = join(PREFACE, settings, noise, SECRET.getBytes(ISO_8859_1));
      boolean[] marks = new boolean[bytes.length];
      Arrays.fill(marks, true);
      for (int i = PREFACE.length + 9; i < marks.length; i++) {
        marks[i] = random.nextInt(20) > 0;
      }
      RecordBytes records = new RecordBytes(1).opened(Role.SERVER).fragments(RX, bytes, marks);
      CaptureMessage left = new HttpRedaction().apply(records.message());
      assertThat(left.getBlock().getRecords().size())
          .isEqualTo(records.message().getBlock().getRecords().size());
    }
  }

  /** What was moved in both directions, with zeros where it was not captured. */
  private static byte[] moved(CaptureMessage message, int length) throws Exception {
    byte[] block = message.getBlock().getRecords().toByteArray();
    RecordReader reader = new RecordReader();
    reader.wrap(block, 0, block.length);
    byte[] all = new byte[length];
    int at = 0;
    while (reader.next()) {
      if (reader.kind() != Kind.ACTIVITY) {
        continue;
      }
      int to = at;
      int from = reader.dataOffset();
      int end = from + reader.captured();
      if (!reader.hasFragments()) {
        System.arraycopy(block, from, all, to, reader.captured());
      }
      while (reader.hasFragments() && from < end) {
        to += (int) reader.fragmentSkipped(from);
        System.arraycopy(block, from + Fragment.DATA, all, to, reader.fragmentLength(from));
        to += reader.fragmentLength(from);
        from = reader.nextFragment(from);
      }
      at += reader.bytes();
    }
    return all;
  }
}
