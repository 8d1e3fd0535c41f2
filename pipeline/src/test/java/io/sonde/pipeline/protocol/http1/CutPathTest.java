package io.sonde.pipeline.protocol.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.pipeline.connection.SimulatedCapture;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.HttpExchange;
import org.junit.jupiter.api.Test;

/** A path of which the end was not captured says so: it may be any that begins like it. */
class CutPathTest {
  private static final int BUDGET = 64;

  @Test
  void aPathThatGoesOnBehindTheCaptureIsMarked() {
    HttpExchange exchange = exchange("/" + "a".repeat(200));

    assertThat(exchange.truncated()).isTrue();
    assertThat(exchange.pathCut()).isTrue();
  }

  @Test
  void aPathThatEndsBeforeItIsNot() {
    assertThat(exchange("/short?q=" + "a".repeat(200)).pathCut()).isFalse();
    assertThat(exchange("/short").pathCut()).isFalse();
    assertThat(exchange("/" + "a".repeat(45)).pathCut()).as("the version is cut").isFalse();
  }

  private static HttpExchange exchange(String target) {
    SimulatedCapture capture = new SimulatedCapture().budgets(BUDGET, BUDGET);
    String fields = "Host: h\r\nX: " + "x".repeat(100) + "\r\n\r\n";
    capture
        .connect(Role.SERVER)
        .rx("GET " + target + " HTTP/1.1\r\n" + fields)
        .tx("HTTP/1.1 204 No Content\r\n\r\n");
    return capture.exchanges().get(0);
  }
}
