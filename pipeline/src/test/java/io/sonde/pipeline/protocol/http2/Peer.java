package io.sonde.pipeline.protocol.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** One side of a connection, that writes frames; its fields are coded by Netty. */
final class Peer {
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;
  private static final int PADDED = 8;
  private static final int PRIORITY = 0x20;

  private final DefaultHttp2HeadersEncoder encoder =
      new DefaultHttp2HeadersEncoder((name, value) -> false, true, 16, 8);
  private ByteArrayOutputStream written = new ByteArrayOutputStream();

  /** All that was written since the last time. */
  byte[] take() {
    byte[] bytes = written.toByteArray();
    written = new ByteArrayOutputStream();
    return bytes;
  }

  Peer preface() {
    written.writeBytes(FirstFrame.PREFACE);
    return settings();
  }

  Peer settings() {
    return frame(4, 0, 0, new byte[] {0, 3, 0, 0, 0, 100});
  }

  Peer ping() {
    return frame(6, 0, 0, new byte[8]);
  }

  /**
   * @param fields name, value, name, value …
   */
  Peer headers(int stream, boolean ends, String... fields) {
    return frame(1, END_HEADERS | (ends ? END_STREAM : 0), stream, block(fields));
  }

  /** The same with padding and priority, in HEADERS and a CONTINUATION for each byte. */
  Peer scatteredHeaders(int stream, boolean ends, String... fields) {
    byte[] block = block(fields);
    ByteBuffer first = ByteBuffer.allocate(1 + 5 + 1 + 3);
    first.put((byte) 3).putInt(0).put((byte) 16).put(block[0]).put(new byte[3]);
    frame(1, PADDED | PRIORITY | (ends ? END_STREAM : 0), stream, first.array());
    for (int i = 1; i < block.length; i++) {
      frame(9, i == block.length - 1 ? END_HEADERS : 0, stream, new byte[] {block[i]});
    }
    return this;
  }

  Peer get(int stream, String path) {
    return headers(
        stream,
        true,
        ":method",
        "GET",
        ":scheme",
        "http",
        ":path",
        path,
        ":authority",
        "shop.example:8080",
        "user-agent",
        "peer/1");
  }

  Peer call(int stream, String method) {
    return headers(
        stream,
        false,
        ":method",
        "POST",
        ":scheme",
        "http",
        ":path",
        method,
        ":authority",
        "shop.example:8080",
        "content-type",
        "application/grpc+proto",
        "te",
        "trailers",
        "user-agent",
        "grpc-peer/1",
        "grpc-timeout",
        "500m");
  }

  Peer data(int stream, boolean ends, byte[] contents) {
    return frame(0, ends ? END_STREAM : 0, stream, contents);
  }

  Peer paddedData(int stream, boolean ends, byte[] contents, int padding) {
    ByteBuffer payload = ByteBuffer.allocate(1 + contents.length + padding);
    payload.put((byte) padding).put(contents);
    return frame(0, PADDED | (ends ? END_STREAM : 0), stream, payload.array());
  }

  Peer reset(int stream, int code) {
    return frame(3, 0, stream, ByteBuffer.allocate(4).putInt(code).array());
  }

  Peer goAway(int lastStream) {
    return frame(7, 0, 0, ByteBuffer.allocate(8).putInt(lastStream).array());
  }

  Peer push(int stream, int promised, String... fields) {
    byte[] block = block(fields);
    return frame(
        5,
        END_HEADERS,
        stream,
        ByteBuffer.allocate(4 + block.length).putInt(promised).put(block).array());
  }

  /** Messages of gRPC, of so many bytes each. */
  static byte[] messages(int... lengths) {
    ByteBuffer bytes = ByteBuffer.allocate(Arrays.stream(lengths).map(n -> n + 5).sum());
    for (int length : lengths) {
      bytes.put((byte) 0).putInt(length).put(new byte[length]);
    }
    return bytes.array();
  }

  Peer frame(int type, int flags, int stream, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(FrameHeader.LENGTH + payload.length);
    frame.putInt(payload.length << 8 | type).put((byte) flags).putInt(stream).put(payload);
    written.writeBytes(frame.array());
    return this;
  }

  private byte[] block(String... fields) {
    Http2Headers headers = new DefaultHttp2Headers(false);
    for (int i = 0; i < fields.length; i += 2) {
      headers.add(fields[i], fields[i + 1]);
    }
    ByteBuf buffer = Unpooled.buffer();
    try {
      encoder.encodeHeaders(1, headers, buffer);
    } catch (Http2Exception e) {
      throw new IllegalArgumentException("not fields: " + Arrays.toString(fields), e);
    }
    return ByteBufUtil.getBytes(buffer);
  }
}
