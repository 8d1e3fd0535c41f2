package io.sonde.probes.probe;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;

/**
 * One direction of an HTTP/2 connection, and which of its bytes are to be captured: all but bodies
 * (RFC 9113, 4.1 and 6), put down while it is written and not read out of it again.
 */
public final class FrameStream {
  public static final int DATA = 0;
  public static final int HEADERS = 1;
  public static final int PRIORITY = 2;
  public static final int RST_STREAM = 3;
  public static final int SETTINGS = 4;
  public static final int PING = 6;
  public static final int GOAWAY = 7;
  public static final int WINDOW_UPDATE = 8;
  public static final int CONTINUATION = 9;

  private static final int WANTED_DATA = 16;
  private static final int WANTED_GOAWAY = 64;
  private static final int WANTED_MOST = 65536;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final BitSet wanted = new BitSet();
  private final Random random;

  public FrameStream(Random random) {
    this.random = random;
  }

  public FrameStream preface() {
    return text("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  }

  /** Bytes that are no frame, and wanted. */
  public FrameStream text(String text) {
    want(text.length());
    bytes.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  public FrameStream frame(int type, int flags, int stream, int length) {
    byte[] payload = new byte[length];
    random.nextBytes(payload);
    return frame(type, flags, stream, payload);
  }

  private FrameStream frame(int type, int flags, int stream, byte[] payload) {
    int length = payload.length;
    want(9);
    for (int shift : new int[] {16, 8, 0}) {
      bytes.write(length >> shift);
    }
    bytes.write(type);
    bytes.write(flags);
    for (int shift : new int[] {24, 16, 8, 0}) {
      bytes.write(stream >> shift);
    }
    want(Math.min(length, wantedOf(type)));
    bytes.writeBytes(payload);
    return this;
  }

  /**
   * Messages of gRPC on some streams, cut into frames without regard to where they begin. Their
   * prefixes are wanted.
   */
  public FrameStream messages(int streams, int each) {
    List<Body> open = new ArrayList<>();
    for (int i = 0; i < streams; i++) {
      open.add(new Body(2 * i + 1, each, random));
      frame(HEADERS, 4, 2 * i + 1, 30);
    }
    while (!open.isEmpty()) {
      Body body = open.get(random.nextInt(open.size()));
      int length = Math.min(body.left(), random.nextInt(random.nextBoolean() ? 16385 : 30));
      int from = bytes.size() + 9;
      boolean last = length == body.left();
      frame(DATA, last ? 1 : 0, body.stream, body.next(length));
      body.prefixes(length).stream().forEach(at -> wanted.set(from + at));
      body.at += length;
      if (last) {
        open.remove(body);
      }
    }
    return this;
  }

  /** The messages of a stream, and which bytes of it are of their prefixes. */
  private static final class Body {
    private final int stream;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private final BitSet prefixes = new BitSet();
    private int at;

    private Body(int stream, int messages, Random random) {
      this.stream = stream;
      for (int i = 0; i < messages; i++) {
        byte[] message = new byte[new int[] {0, 1, 11, 300, 5000, 40000}[random.nextInt(6)]];
        random.nextBytes(message);
        prefixes.set(content.size(), content.size() + 5);
        content.write(random.nextInt(2));
        content.writeBytes(ByteBuffer.allocate(4).putInt(message.length).array());
        content.writeBytes(message);
      }
    }

    private int left() {
      return content.size() - at;
    }

    private byte[] next(int length) {
      return Arrays.copyOfRange(content.toByteArray(), at, at + length);
    }

    /** Counted from the next byte on. */
    private BitSet prefixes(int length) {
      return prefixes.get(at, at + length);
    }
  }

  private static int wantedOf(int type) {
    if (type == DATA || type > CONTINUATION) {
      return WANTED_DATA;
    }
    return type == GOAWAY ? WANTED_GOAWAY : WANTED_MOST;
  }

  private void want(int count) {
    wanted.set(bytes.size(), bytes.size() + count);
  }

  /** Frames of every type, small and large bodies, as many as asked for. */
  public FrameStream anything(int frames) {
    for (int i = 0; i < frames; i++) {
      int stream = 1 + 2 * random.nextInt(50);
      switch (random.nextInt(9)) {
        case 0 -> frame(HEADERS, 4, stream, random.nextInt(400));
        case 1 -> frame(HEADERS, 0, stream, 16384).frame(CONTINUATION, 4, stream, 5000);
        case 2 -> frame(SETTINGS, 0, 0, 6 * random.nextInt(8));
        case 3 -> frame(WINDOW_UPDATE, 0, stream, 4);
        case 4 -> frame(PING, 1, 0, 8);
        case 5 -> frame(RST_STREAM, 0, stream, 4).frame(PRIORITY, 0, stream, 5);
        case 6 -> frame(GOAWAY, 0, 0, 8 + random.nextInt(200));
        default -> frame(DATA, random.nextInt(2), stream, random.nextInt(i % 7 == 0 ? 16385 : 40));
      }
    }
    return this;
  }

  public byte[] bytes() {
    return bytes.toByteArray();
  }

  /** As {@link Fragments#ranges} writes them. */
  public String wanted() {
    return Fragments.ranges(wanted);
  }

  /**
   * The same, for a capture that saw no frame before this offset.
   *
   * @param zero offset of what it counts as the first byte
   */
  public String wantedFrom(int offset, int zero) {
    return Fragments.ranges(wanted.get(offset, wanted.length()), offset - zero);
  }
}
