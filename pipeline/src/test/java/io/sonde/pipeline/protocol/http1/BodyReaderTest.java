package io.sonde.pipeline.protocol.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sonde.pipeline.protocol.MalformedMessageException;
import io.sonde.pipeline.protocol.http1.BodyReader.Framing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyReaderTest {
  private static final byte[] CHUNKED =
      "a;x=1\r\n0123456789\r\nB \r\nabcdefghijk\r\n0\r\nT: v\r\n\r\n".getBytes(US_ASCII);

  private final BodyReader body = new BodyReader();

  @Test
  void chunksAreCountedWithoutTheirFraming() throws MalformedMessageException {
    body.start(Framing.CHUNKED, 0);
    assertThat(body.read(CHUNKED, 0, CHUNKED.length)).isEqualTo(CHUNKED.length);
    assertThat(body.ended()).isTrue();
    assertThat(body.payload()).isEqualTo(21);
  }

  @Test
  void anyGapIsEitherSteppedOverExactlyOrMakesTheSizeUnknown() throws MalformedMessageException {
    for (int from = 0; from < CHUNKED.length; from++) {
      for (int to = from + 1; to <= CHUNKED.length; to++) {
        body.start(Framing.CHUNKED, 0);
        body.read(CHUNKED, 0, from);
        assertThat(body.gap(to - from)).isZero();
        if (body.framing() == Framing.UNKNOWN) {
          assertThat(body.payload()).isEqualTo(-1);
        } else {
          assertThat(body.read(CHUNKED, to, CHUNKED.length)).isEqualTo(CHUNKED.length);
          assertThat(body.ended()).isTrue();
          assertThat(body.payload()).as("gap %d to %d", from, to).isEqualTo(21);
        }
      }
    }
  }

  @Test
  void aGapThatEndsWithTheLineEndOfItsChunkIsSteppedOver() throws MalformedMessageException {
    body.start(Framing.CHUNKED, 0);
    body.read(CHUNKED, 0, 9);
    body.gap(10);
    assertThat(body.framing()).isEqualTo(Framing.CHUNKED);
    body.gap(1);
    assertThat(body.framing()).isEqualTo(Framing.UNKNOWN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r\n0\r\n\r\n", "0\r\n\r\n", "x\r\n0\r\n\r\n", "\n0\r\n\r\n"})
  void theTailOfTheLastChunkEndsABodyOfUnknownFraming(String tail) {
    body.startUnknown(true);
    body.tail(tail.getBytes(US_ASCII), tail.length());
    assertThat(body.ended()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x0\r\n\r\n", "x\n0\r\n\r\n", "10\r\n\r\n", "\r\n\r\n", "\r\n0\r\n\r\nx"})
  void anotherTailDoesNot(String tail) {
    body.startUnknown(true);
    body.tail(tail.getBytes(US_ASCII), tail.length());
    assertThat(body.ended()).isFalse();
  }

  @Test
  void aTailIsNoEndWhereTheBodyIsNotChunked() {
    body.startUnknown(false);
    body.tail("\r\n0\r\n\r\n".getBytes(US_ASCII), 7);
    assertThat(body.ended()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\r\n", "g\r\n", ";\r\n", "-1\r\n", "1\r\nab", "1\r\na\nb", "fffffffffffffff\r\n"})
  void brokenFramingIsToldApart(String broken) {
    body.start(Framing.CHUNKED, 0);
    assertThatThrownBy(() -> body.read(broken.getBytes(US_ASCII), 0, broken.length()))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessageContaining("expected");
  }

  @Test
  void bytesBehindALengthBelongToTheNextMessage() throws MalformedMessageException {
    body.start(Framing.LENGTH, 5);
    assertThat(body.gap(3)).isZero();
    assertThat(body.read(new byte[9], 2, 9)).isEqualTo(4);
    assertThat(body.ended()).isTrue();
    assertThat(body.gap(7)).isEqualTo(7);
  }
}
