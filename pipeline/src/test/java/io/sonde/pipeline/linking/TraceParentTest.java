package io.sonde.pipeline.linking;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.SpanContext;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceParentTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";
  private static final String VALID = "00-" + TRACE + "-" + SPAN + "-01";

  private static SpanContext read(String value) {
    return TraceParent.remote(value, null);
  }

  @Test
  void theExampleOfTheSpecificationIsUnderstood() {
    SpanContext context = read(VALID);
    assertThat(context.getTraceId()).isEqualTo(TRACE);
    assertThat(context.getSpanId()).isEqualTo(SPAN);
    assertThat(context.isSampled()).isTrue();
    assertThat(context.isRemote()).isTrue();
    assertThat(context.getTraceState().isEmpty()).isTrue();
  }

  @Test
  void theCallerMayHaveDecidedAgainstTheTrace() {
    assertThat(read("00-" + TRACE + "-" + SPAN + "-00").isSampled()).isFalse();
  }

  @Test
  void flagsThatNoLevelDefinesAreNotKept() {
    SpanContext context = read("00-" + TRACE + "-" + SPAN + "-ff");
    assertThat(context.getTraceFlags().asHex()).isEqualTo("03");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "01-" + TRACE + "-" + SPAN + "-01",
        "cc-" + TRACE + "-" + SPAN + "-01-what-the-future-will-be-like",
        "fe-" + TRACE + "-" + SPAN + "-01-",
      })
  void aLaterVersionIsReadAsFarAsItIsKnown(String value) {
    assertThat(read(value).getTraceId()).isEqualTo(TRACE);
    assertThat(read(value).isSampled()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "00",
        "ff-" + TRACE + "-" + SPAN + "-01",
        "FF-" + TRACE + "-" + SPAN + "-01",
        "0g-" + TRACE + "-" + SPAN + "-01",
        "00-00000000000000000000000000000000-" + SPAN + "-01",
        "00-" + TRACE + "-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-" + SPAN + "-01",
        "00-" + TRACE + "-B7AD6B7169203331-01",
        "00-" + TRACE + "-" + SPAN + "-0",
        "00-" + TRACE + "-" + SPAN + "-0x",
        "00-" + TRACE + "-" + SPAN + "-01-",
        "00-" + TRACE + "-" + SPAN + "-01-more",
        "00-" + TRACE + "-" + SPAN + "-011",
        "01-" + TRACE + "-" + SPAN + "-01.more",
        "00_" + TRACE + "-" + SPAN + "-01",
        "00-" + TRACE + "_" + SPAN + "-01",
        "00-" + TRACE + "-" + SPAN + "_01",
        " 00-" + TRACE + "-" + SPAN + "-01",
        "00-0af7651916cd43dd8448eb211c8031\u0000c-" + SPAN + "-01",
        "00-0af7651916cd43dd8448eb211c8031\u0661c-" + SPAN + "-01",
      })
  void anythingElseIsNoTraceContext(String value) {
    assertThat(read(value).isValid()).isFalse();
  }

  @Test
  void noHeaderIsNoTraceContext() {
    assertThat(read(null)).isEqualTo(SpanContext.getInvalid());
  }

  @Test
  void whateverIsChangedInAValidValueItIsRefusedOrStillTwoIds() {
    Random random = new Random(5);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      StringBuilder value = new StringBuilder(VALID);
      for (int changes = random.nextInt(4); changes >= 0; changes--) {
        value.setCharAt(random.nextInt(value.length()), (char) random.nextInt(256));
      }
      value.setLength(random.nextInt(3) == 0 ? random.nextInt(value.length()) : value.length());
      SpanContext context = read(value.toString());
      if (context.isValid()) {
        assertThat(context.getTraceId()).matches("[0-9a-f]{32}");
        assertThat(context.getSpanId()).matches("[0-9a-f]{16}");
      } else {
        refused++;
      }
    }
    assertThat(refused).isBetween(15_000, 19_999);
  }
}
