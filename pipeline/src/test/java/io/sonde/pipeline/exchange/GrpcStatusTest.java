package io.sonde.pipeline.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.sonde.pipeline.event.Role;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrpcStatusTest {
  @Test
  void theNamesAreThoseOfGrpc() {
    for (Status.Code code : Status.Code.values()) {
      assertThat(GrpcStatus.name(code.value())).isEqualTo(code.name());
    }
    assertThat(GrpcStatus.name(GrpcStatus.NONE)).isNull();
  }

  @Test
  void everyDefinedCodeIsRead() {
    IntStream.rangeClosed(0, 16)
        .forEach(code -> assertThat(GrpcStatus.parse("" + code)).isEqualTo(code));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "17", "-1", "99999999999999999999", "1 ", "OK", "٣"})
  void whatIsNoCodeIsUnknownAsToAClient(String value) {
    assertThat(GrpcStatus.parse(value)).isEqualTo(GrpcStatus.UNKNOWN);
  }

  @ParameterizedTest
  @CsvSource({
    "400, INTERNAL", "401, UNAUTHENTICATED", "403, PERMISSION_DENIED", "404, UNIMPLEMENTED",
    "429, UNAVAILABLE", "502, UNAVAILABLE", "503, UNAVAILABLE", "504, UNAVAILABLE",
    "200, UNKNOWN", "500, UNKNOWN", "302, UNKNOWN"
  })
  void anAnswerOfHttpAloneStandsForAStatus(int http, String name) {
    assertThat(GrpcStatus.name(GrpcStatus.ofHttp(http))).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({
    "0, INTERNAL",
    "1, INTERNAL",
    "2, INTERNAL",
    "3, INTERNAL",
    "4, INTERNAL",
    "5, UNKNOWN",
    "6, INTERNAL",
    "7, UNAVAILABLE",
    "8, CANCELLED",
    "9, INTERNAL",
    "10, INTERNAL",
    "11, RESOURCE_EXHAUSTED",
    "12, PERMISSION_DENIED",
    "13, INTERNAL",
    "14, UNKNOWN",
    "-1, UNKNOWN"
  })
  void aResetStandsForAStatus(int errorCode, String name) {
    assertThat(GrpcStatus.name(GrpcStatus.ofReset(errorCode, false))).isEqualTo(name);
  }

  @Test
  void aCallThatIsCancelledWhenItsTimeIsOverHasExceededItsDeadline() {
    assertThat(GrpcStatus.ofReset(8, true)).isEqualTo(GrpcStatus.DEADLINE_EXCEEDED);
    assertThat(GrpcStatus.ofReset(7, true)).isEqualTo(GrpcStatus.UNAVAILABLE);
  }

  @Test
  void toAClientEveryStatusButOkIsAnError() {
    for (int code = 1; code <= 16; code++) {
      assertThat(GrpcStatus.errorType(Role.CLIENT, code)).isEqualTo(GrpcStatus.name(code));
    }
    assertThat(GrpcStatus.errorType(Role.CLIENT, GrpcStatus.OK)).isNull();
    assertThat(GrpcStatus.errorType(Role.CLIENT, GrpcStatus.NONE)).isNull();
  }

  @Test
  void aServerIsToBlameForSixOfThem() {
    assertThat(IntStream.rangeClosed(-1, 16).filter(code -> GrpcStatus.isError(Role.SERVER, code)))
        .containsExactly(2, 4, 12, 13, 14, 15);
  }
}
