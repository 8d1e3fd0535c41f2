package io.sonde.pipeline.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.pipeline.event.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HTTP/2 to the port of OTLP; all servers of a simulated capture are there. */
class GrpcExportTest {
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  /** HEADERS of stream 3 with three bytes, then DATA of it with a message of gRPC. */
  private static final String REQUEST =
      "000003 01 04 00000003 828684 000007 00 01 00000003 00000000020a00";

  private final SimulatedCapture capture = new SimulatedCapture();

  @Test
  void fromItsBeginningIsAnExport() {
    capture.connect(Role.CLIENT).tx(PREFACE);
    assertThat(capture.coexistence.decisions()).hasSize(2);
  }

  @Test
  void withinTlsIsAnExportToo() {
    capture.connect(Role.CLIENT).tls().readable().tx(PREFACE);
    assertThat(capture.coexistence.decisions()).hasSize(2);
  }

  @Test
  void thatIsServedIsNone() {
    capture.connect(Role.SERVER).rx(PREFACE).tx(PREFACE);
    assertThat(capture.coexistence.decisions()).isEmpty();
  }

  @Test
  void thatIsOlderThanTheCaptureIsKnownByItsNextRequest() {
    capture.connectedBefore().tx(text(REQUEST));
    assertThat(capture.coexistence.decisions()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "no body,         000003 01 05 00000003 828684 000007 00 01 00000003 00000000020a00",
    "even stream,     000003 01 04 00000002 828684 000007 00 01 00000002 00000000020a00",
    "no stream,       000003 01 04 00000000 828684 000007 00 01 00000000 00000000020a00",
    "another stream,  000003 01 04 00000003 828684 000007 00 01 00000005 00000000020a00",
    "no message,      000003 01 04 00000003 828684 000007 00 01 00000003 7b7d0000020a00",
    "another frame,   000003 01 04 00000003 828684 000007 08 01 00000003 00000000020a00",
    "cut short,       000003 01 04 00000003 828684 000007 00",
    "absurd length,   ffffff 01 04 00000003 828684 000007 00 01 00000003 00000000020a00",
    "other bytes,     0a0b0c",
  })
  void whatOnlyResemblesARequestIsNone(String what, String bytes) {
    capture.connectedBefore().tx(text(bytes));
    assertThat(capture.coexistence.decisions()).as(what).isEmpty();
  }

  private static byte[] text(String hex) {
    return java.util.HexFormat.of().parseHex(hex.replace(" ", ""));
  }
}
