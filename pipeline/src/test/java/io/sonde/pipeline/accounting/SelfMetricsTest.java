package io.sonde.pipeline.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.pipeline.event.CaptureStarted;
import io.sonde.pipeline.event.CaptureStats;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SelfMetricsTest {
  private final SelfMetrics self = new SelfMetrics();

  @Test
  void aCapturesNumbersAreKeptOverAReconnectAndEndWithIt() {
    self.captureStarted(capture("6.1"));
    self.captureStats("ab", new CaptureStats(0, 0, Map.of("ring_full", 3L)));
    self.captureStarted(capture("6.2"));

    assertThat(self.captures())
        .containsExactly(new SelfMetrics.Capture(capture("6.2"), Map.of("ring_full", 3L)));
    self.captureClosed("ab");
    assertThat(self.captures()).isEmpty();
  }

  @Test
  void numbersOfACaptureThatIsGoneAreNotTakenUp() {
    self.captureStats("ab", new CaptureStats(0, 0, Map.of("ring_full", 3L)));

    assertThat(self.captures()).isEmpty();
  }

  private static CaptureStarted capture(String kernel) {
    return new CaptureStarted("ab", "web1", "", "", kernel, 0, List.of());
  }
}
