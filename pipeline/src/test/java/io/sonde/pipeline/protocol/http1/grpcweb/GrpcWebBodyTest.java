package io.sonde.pipeline.protocol.http1.grpcweb;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.pipeline.exchange.GrpcStatus;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrpcWebBodyTest {
  private static final String BINARY = "application/grpc-web+proto";
  private static final String TEXT = "application/grpc-web-text+proto";

  static byte[] frame(int flags, byte[] content) {
    return ByteBuffer.allocate(5 + content.length)
        .put((byte) flags)
        .putInt(content.length)
        .put(content)
        .array();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] trailers(String text) {
    return frame(0x80, text.getBytes(US_ASCII));
  }

  private static GrpcWebBody read(String type, byte[] body) {
    GrpcWebBody read = GrpcWebBody.of(type);
    read.bytes(body, 0, body.length);
    return read;
  }

  @ParameterizedTest
  @CsvSource({
    "application/grpc-web, true",
    "Application/gRPC-Web+proto, true",
    "application/grpc-web-text; charset=utf-8, true",
    "application/grpc-web-text+thrift, true",
    "application/grpc, false",
    "application/grpc-website, false",
    "application/json, false",
    ", false",
  })
  void theContentTypeTellsIt(String type, boolean is) {
    assertThat(GrpcWebBody.isGrpcWeb(type)).isEqualTo(is);
    assertThat(GrpcWebBody.of(type) != null).isEqualTo(is);
  }

  @Test
  void messagesAndTrailersAreReadHoweverTheyAreCut() {
    byte[] body =
        join(
            frame(0, new byte[300]),
            frame(1, new byte[0]),
            frame(0, new byte[7]),
            trailers("grpc-status:5\r\ngrpc-message:no such cart\r\n"));
    byte[] text = Base64.getEncoder().encode(body);
    Random random = new Random(7);
    for (int round = 0; round < 500; round++) {
      for (String type : new String[] {BINARY, TEXT}) {
        byte[] sent = type.equals(TEXT) ? text : body;
        GrpcWebBody read = GrpcWebBody.of(type);
        for (int at = 0; at < sent.length; ) {
          int to = Math.min(sent.length, at + random.nextInt(40));
          read.bytes(sent, at, to);
          at = to;
        }
        assertThat(read.messages()).isEqualTo(3);
        assertThat(read.messageBytes()).isEqualTo(307);
        assertThat(read.status()).isEqualTo(5);
      }
    }
  }

  @Test
  void base64MayBeInSeveralPaddedPieces() {
    byte[] body =
        join(
            Base64.getEncoder().encode(frame(0, new byte[6])),
            Base64.getEncoder().encode(frame(0, new byte[5])),
            Base64.getEncoder().encode(trailers("grpc-status: 0\r\n")));
    GrpcWebBody read = read(TEXT, body);
    assertThat(read.messages()).isEqualTo(2);
    assertThat(read.messageBytes()).isEqualTo(11);
    assertThat(read.status()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "grpc-status:14",
        "grpc-message: grpc-status: 3\r\nGRPC-Status : 14 \r\n",
        "a: b\ngrpc-status:14\n",
      })
  void theStatusIsAFieldAmongOthers(String fields) {
    assertThat(read(BINARY, trailers(fields)).status()).isEqualTo(GrpcStatus.UNAVAILABLE);
  }

  @Test
  void ofTrailersThatAreCutOnlyWholeLinesCount() {
    byte[] cutInStatus = trailers("grpc-status:14\r\n");
    GrpcWebBody read = GrpcWebBody.of(BINARY);
    read.bytes(cutInStatus, 0, cutInStatus.length - 3);
    assertThat(read.status()).isEqualTo(GrpcStatus.NONE);

    byte[] cutInMessage = trailers("grpc-status:14\r\ngrpc-message:x\r\n");
    read = GrpcWebBody.of(BINARY);
    read.bytes(cutInMessage, 0, cutInMessage.length - 3);
    assertThat(read.status()).isEqualTo(14);
  }

  @Test
  void trailersLongerThanAreKeptAreReadToThere() {
    String longMessage = "grpc-message:" + "x".repeat(5000);
    assertThat(read(BINARY, trailers("grpc-status:2\r\n" + longMessage)).status()).isEqualTo(2);
    assertThat(read(BINARY, trailers(longMessage + "\r\ngrpc-status:2\r\n")).status())
        .isEqualTo(GrpcStatus.NONE);
  }

  @Test
  void aGapWithinAMessageDoesNoHarm() {
    byte[] message = frame(0, new byte[1000]);
    byte[] end = trailers("grpc-status:0\r\n");
    GrpcWebBody read = GrpcWebBody.of(BINARY);
    read.bytes(message, 0, 100);
    read.gap(message.length - 100);
    read.bytes(end, 0, end.length);
    assertThat(read.messages()).isEqualTo(1);
    assertThat(read.messageBytes()).isEqualTo(1000);
    assertThat(read.status()).isZero();
  }

  @Test
  void aGapOverAPrefixOrInBase64LeavesTheRestUnknown() {
    for (String type : new String[] {BINARY, TEXT}) {
      byte[] message = frame(0, new byte[99]);
      byte[] sent = type.equals(TEXT) ? Base64.getEncoder().encode(message) : message;
      GrpcWebBody read = GrpcWebBody.of(type);
      read.bytes(sent, 0, 50);
      read.gap(sent.length);
      byte[] end = trailers("grpc-status:0\r\n");
      read.bytes(end, 0, end.length);
      assertThat(read.isKnown()).isFalse();
      assertThat(read.messages()).isEqualTo(GrpcWebBody.UNKNOWN);
      assertThat(read.messageBytes()).isEqualTo(GrpcWebBody.UNKNOWN);
      assertThat(read.status()).isEqualTo(GrpcStatus.NONE);
    }
  }

  @Test
  void whatIsNoSuchBodyIsNotTakenForOne() {
    assertThat(read(BINARY, "<html>".getBytes(US_ASCII)).isKnown()).isFalse();
    assertThat(read(TEXT, "<html>".getBytes(US_ASCII)).isKnown()).isFalse();
    assertThat(read(TEXT, "AA=A".getBytes(US_ASCII)).isKnown()).isFalse();
    assertThat(read(BINARY, frame(0x81, new byte[] {1, 2})).status()).isEqualTo(GrpcStatus.NONE);
  }

  @Test
  void anyBytesAreRead() {
    Random random = new Random(11);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = new byte[random.nextInt(64)];
      random.nextBytes(bytes);
      if (random.nextBoolean() && bytes.length > 4) {
        bytes[0] = (byte) (random.nextBoolean() ? 0x80 : 0);
        bytes[1] = bytes[2] = bytes[3] = 0;
      }
      GrpcWebBody read = GrpcWebBody.of(random.nextBoolean() ? BINARY : TEXT);
      int cut = random.nextInt(bytes.length + 1);
      read.bytes(bytes, 0, cut);
      read.gap(random.nextInt(20));
      read.bytes(bytes, cut, bytes.length);
      assertThat(read.status()).isBetween(-1, 16);
      assertThat(read.messages()).isBetween(-1L, 64L);
    }
  }
}
