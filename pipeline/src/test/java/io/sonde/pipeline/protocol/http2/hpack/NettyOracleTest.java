package io.sonde.pipeline.protocol.http2.hpack;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.sonde.pipeline.protocol.MalformedMessageException;
import io.sonde.pipeline.protocol.StringCache;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What Netty encodes, read from its start and by one who comes late or misses blocks. */
class NettyOracleTest {
  private static final int CONNECTIONS = 400;
  private static final int BLOCKS = 60;

  private static final String[] NAMES = {
    ":path", "host", "user-agent", "content-type", "traceparent", "grpc-timeout", "cookie", "x-some"
  };

  private record Field(FieldName name, String value) {}

  @Test
  void readFromTheStartEveryFieldIsAsItWasWritten() throws Exception {
    for (int seed = 0; seed < CONNECTIONS; seed++) {
      Random random = new Random(seed);
      Encoder encoder = new Encoder(random);
      HpackDecoder decoder = decoder();
      for (int block = 0; block < BLOCKS; block++) {
        Http2Headers headers = encoder.next();

        assertThat(decode(decoder, encoder.encoded))
            .as("seed %d, block %d", seed, block)
            .isEqualTo(known(headers));
      }
    }
  }

  @Test
  void whatCannotBeKnownIsUnknownAndNeverWrong() throws Exception {
    long unknown = 0;
    long right = 0;
    for (int seed = 0; seed < CONNECTIONS; seed++) {
      Random random = new Random(seed);
      Encoder encoder = new Encoder(random);
      HpackDecoder decoder = decoder();
      boolean missed = false;
      for (int block = 0; block < BLOCKS; block++) {
        Http2Headers headers = encoder.next();
        if (random.nextInt(12) == 0) {
          missed = true;
          continue;
        }
        if (missed) {
          missed = false;
          decoder.missedSome();
        }
        List<Field> written = known(headers);
        List<Field> read = decode(decoder, encoder.encoded);
        assertThat(read).as("seed %d, block %d", seed, block).hasSameSizeAs(written);
        for (int i = 0; i < read.size(); i++) {
          if (read.get(i).name() == FieldName.UNKNOWN) {
            unknown++;
          } else {
            right++;
            assertThat(read.get(i)).as("seed %d, block %d", seed, block).isEqualTo(written.get(i));
          }
        }
      }
    }
    assertThat(unknown).isPositive();
    assertThat(right).isGreaterThan(5 * unknown);
  }

  @Test
  void afterTheTableWasEmptiedAllIsKnownAgain() throws Exception {
    Encoder encoder = new Encoder(new Random(1));
    HpackDecoder decoder = decoder();
    for (int block = 0; block < BLOCKS; block++) {
      encoder.next();
    }
    decoder.missedSome();
    encoder.resize(0);
    for (int block = 0; block < BLOCKS; block++) {
      if (block == 1) {
        encoder.resize(4096);
      }
      Http2Headers headers = encoder.next();
      assertThat(decode(decoder, encoder.encoded)).isEqualTo(known(headers));
    }
  }

  @Test
  void brokenBlocksAreRefusedAndNothingElse() throws Exception {
    for (int seed = 0; seed < CONNECTIONS; seed++) {
      Random random = new Random(seed);
      Encoder encoder = new Encoder(random);
      HpackDecoder decoder = decoder();
      for (int block = 0; block < BLOCKS; block++) {
        encoder.next();
        byte[] broken = encoder.encoded;
        for (int n = random.nextInt(3); n > 0 && broken.length > 0; n--) {
          broken[random.nextInt(broken.length)] = (byte) random.nextInt(256);
        }
        try {
          decode(decoder, broken);
        } catch (MalformedMessageException e) {
          assertThat(e).hasMessageStartingWith("hpack: at byte ");
        }
      }
    }
  }

  private static HpackDecoder decoder() {
    return new HpackDecoder(new HpackDecoder.Scratch(new StringCache()));
  }

  /** From anywhere in an array, as it comes. */
  private static List<Field> decode(HpackDecoder decoder, byte[] block)
      throws MalformedMessageException {
    byte[] within = new byte[block.length + 7];
    System.arraycopy(block, 0, within, 5, block.length);
    List<Field> fields = new ArrayList<>();
    decoder.decode(
        within, 5, 5 + block.length, (name, value) -> fields.add(new Field(name, value)));
    return fields;
  }

  private static List<Field> known(Http2Headers headers) {
    List<Field> fields = new ArrayList<>();
    headers.forEach(
        field -> {
          FieldName name = FieldName.of(field.getKey().toString());
          fields.add(new Field(name, name.matters() ? field.getValue().toString() : null));
        });
    return fields;
  }

  /** A peer with some habits: few names, values that repeat, its table resized now and then. */
  private static final class Encoder {
    private final Random random;
    private final DefaultHttp2HeadersEncoder encoder;
    private byte[] encoded;

    Encoder(Random random) {
      this.random = random;
      this.encoder =
          new DefaultHttp2HeadersEncoder(
              (name, value) -> value.length() % 11 == 3, true, 16, random.nextInt(600));
    }

    void resize(long bytes) throws Http2Exception {
      encoder.maxHeaderTableSize(bytes);
    }

    Http2Headers next() throws Http2Exception {
      if (random.nextInt(10) == 0) {
        resize(List.of(0, 64, 300, 4096, 30_000, 200_000).get(random.nextInt(6)));
      }
      Http2Headers headers = new DefaultHttp2Headers(false);
      headers.method(random.nextBoolean() ? "GET" : "POST");
      headers.authority("host-" + random.nextInt(3));
      for (int n = random.nextInt(8); n > 0; n--) {
        headers.add(NAMES[random.nextInt(NAMES.length)], value());
      }
      ByteBuf buffer = Unpooled.buffer();
      encoder.encodeHeaders(3, headers, buffer);
      encoded = ByteBufUtil.getBytes(buffer);
      return headers;
    }

    private String value() {
      StringBuilder value = new StringBuilder();
      int length = random.nextInt(40) == 0 ? random.nextInt(5000) : random.nextInt(20);
      char first = (char) (' ' + 1 + random.nextInt(random.nextInt(4) == 0 ? 94 : 5));
      for (int i = 0; i < length; i++) {
        value.append((char) (first + i % 3 > '~' ? '~' : first + i % 3));
      }
      return value.toString();
    }
  }
}
