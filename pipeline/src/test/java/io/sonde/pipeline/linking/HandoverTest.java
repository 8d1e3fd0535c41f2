package io.sonde.pipeline.linking;

import static io.sonde.pipeline.exchange.HttpExchanges.MS;
import static io.sonde.pipeline.exchange.HttpExchanges.exchange;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.api.trace.SpanContext;
import io.sonde.pipeline.accounting.ReceiverAccount;
import io.sonde.pipeline.exchange.HttpExchanges;
import io.sonde.pipeline.identity.SamplerSetting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HandoverTest {
  private final ReceiverAccount account = new ReceiverAccount();
  private final List<Trace> taken = new ArrayList<>();
  private final Trace single = trace(exchange().queued(0));
  private final Trace triple = trace(exchange().queued(MS));

  private static Trace trace(HttpExchanges exchange) {
    return new Traces(Duration.ofMillis(1), SamplerSetting.DEFAULT)
        .of(exchange.build(), SpanContext.getInvalid());
  }

  private void assertCounted(long accepted, long refused, long failed) {
    assertThat(List.of(account.acceptedTotal(), account.refusedTotal(), account.failedTotal()))
        .containsExactly(accepted, refused, failed);
  }

  @Test
  void spansThatEveryOutputTakesAreAccepted() {
    Handover handover = new Handover(List.of(taken::add, taken::add), account);
    assertThat(handover.accept(single)).isTrue();
    assertThat(handover.accept(triple)).isTrue();
    assertThat(taken).containsExactly(single, single, triple, triple);
    assertCounted(4, 0, 0);
  }

  @Test
  void spansThatOneOutputHasNoRoomForAreRefusedThoughTheOthersGetThem() {
    Handover handover = new Handover(List.of(trace -> false, taken::add), account);
    assertThat(handover.accept(triple)).isFalse();
    assertThat(taken).containsExactly(triple);
    assertCounted(0, 3, 0);
  }

  @Test
  void spansThatMeetADefectHaveFailed() {
    Handover handover =
        new Handover(
            List.of(
                trace -> {
                  throw new IllegalStateException("a defect");
                }),
            account);
    assertThatThrownBy(() -> handover.accept(triple)).hasMessage("a defect");
    assertCounted(0, 0, 3);
  }

  @Test
  void aTraceHasAsManySpansAsAreMade() {
    for (Trace trace : List.of(single, triple)) {
      List<Object> spans = new ArrayList<>();
      Spans.of(trace, spans::add);
      assertThat(spans).hasSize(trace.spans());
    }
  }
}
