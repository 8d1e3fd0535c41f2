package io.sonde.pipeline.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClosedConnectionsTest {
  private final ClosedConnections closed = new ClosedConnections();

  @Test
  void theLatestAreRememberedWithTheirTimesAndOlderOnesForgotten() {
    int all = 3 * ClosedConnections.KEPT;
    for (int i = 1; i <= all; i++) {
      closed.add(i * 4096L, i);
    }
    for (int i = all - ClosedConnections.KEPT + 1; i <= all; i++) {
      assertThat(closed.timeOf(i * 4096L)).isEqualTo(i);
    }
    assertThat(closed.timeOf(4096)).isEqualTo(ClosedConnections.UNKNOWN);
  }

  @Test
  void theLatestTimeOfACookieCountsWhateverItIs() {
    closed.add(0, 5);
    closed.add(0, 7);
    closed.add(-1, Long.MIN_VALUE);
    assertThat(closed.timeOf(0)).isEqualTo(7);
    assertThat(closed.timeOf(-1)).isZero();
    assertThat(closed.timeOf(1)).isEqualTo(ClosedConnections.UNKNOWN);
  }
}
