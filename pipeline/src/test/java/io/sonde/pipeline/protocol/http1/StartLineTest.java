package io.sonde.pipeline.protocol.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.pipeline.protocol.Detection;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartLineTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "GET /|YES",
        "~~POST *|YES",
        "GET http://h/|YES",
        "CONNECT h:1|YES",
        "PURGE /x HTTP/1.1~|YES",
        "M-SEARCH * HTTP/1.0~|YES",
        "GET |NEED_MORE",
        "GE|NEED_MORE",
        "~|NEED_MORE",
        "PURGE /x HTTP/1.1|NEED_MORE",
        "GET key~|NO",
        "PRI * HTTP/2.0~|NO",
        "DESCRIBE rtsp://h RTSP/1.0~|NO",
        "SET a 1~|NO",
        "*1~$4~PING~|NO",
        "\u0016\u0003\u0001|NO",
        "PURGE  HTTP/1.1~|NO",
      })
  void requestLinesAreToldFromOtherThings(String text, Detection expected) {
    byte[] data = text.replace("~", "\r\n").getBytes(ISO_8859_1);
    assertThat(StartLine.detectRequest(false, data, 0, data.length)).isEqualTo(expected);
    for (int length = 1; length < data.length; length++) {
      assertThat(StartLine.detectRequest(false, data, 0, length))
          .as("the first %d bytes never contradict the whole", length)
          .isIn(expected, Detection.NEED_MORE);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "get /x HTTP/1.1~|YES",
        "m'1 x HTTP/1.1~|YES",
        "GET ftp://h/ HTTP/1.1~|YES",
        "get key~|NO",
        "EHLO x~|NO",
        "a(b /x HTTP/1.1~|NO",
      })
  void whereAMessageIsKnownToBeginAnyTokenIsAMethod(String text, Detection expected) {
    byte[] data = text.replace("~", "\r\n").getBytes(ISO_8859_1);
    assertThat(StartLine.detectRequest(true, data, 0, data.length)).isEqualTo(expected);
    assertThat(StartLine.detectRequest(false, data, 0, data.length))
        .isEqualTo(text.startsWith("GET ftp") ? Detection.YES : Detection.NO);
    for (int length = 1; length < data.length; length++) {
      assertThat(StartLine.detectRequest(true, data, 0, length))
          .as("the first %d bytes never contradict the whole", length)
          .isIn(expected, Detection.NEED_MORE);
    }
  }

  @ParameterizedTest
  @CsvSource({"get /, YES", "get http://, YES", "get x, NO", "m, NO"})
  void aTargetTooLongToWaitForIsBelievedWhereNothingElseLooksSo(String begin, Detection expected) {
    byte[] data = (begin + "y".repeat(300)).getBytes(ISO_8859_1);
    assertThat(StartLine.detectRequest(true, data, 0, 200)).isEqualTo(Detection.NEED_MORE);
    assertThat(StartLine.detectRequest(true, data, 0, data.length)).isEqualTo(expected);
    assertThat(StartLine.detectRequest(false, data, 0, data.length)).isEqualTo(Detection.NO);
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP/1.1 200 OK, YES",
    "HTTP/1.0 404, YES",
    "HTTP/1.1 20, NEED_MORE",
    "HTTP/1.1 020, NO",
    "HTTP/2.0 200 OK, NO",
    "HTTP/1.1 OK 200, NO",
    "ICY 200 OK, NO",
  })
  void statusLinesAreToldFromOtherThings(String text, Detection expected) {
    byte[] data = text.getBytes(ISO_8859_1);
    assertThat(StartLine.detectStatus(data, 0, data.length)).isEqualTo(expected);
  }
}
