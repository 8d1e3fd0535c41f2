package io.sonde.pipeline.protocol.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.pipeline.connection.SimulatedCapture;
import io.sonde.pipeline.connection.SimulatedConnection;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.HttpExchange;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Conversations made at random, in which every request and its answer carry the same number in
 * path, status and sizes: so a wrong pair shows, whatever was cut, lost or not captured.
 */
class RandomConversationTest {
  private static final int CONVERSATIONS = 1000;
  private static final int MAX_EXCHANGES = 12;

  @ParameterizedTest
  @EnumSource(names = {"SERVER", "CLIENT"})
  void withoutLossesEveryExchangeComesOutWhole(Role role) {
    for (int seed = 0; seed < CONVERSATIONS; seed++) {
      Random random = new Random(seed);
      SimulatedCapture capture = new SimulatedCapture();
      int exchanges = converse(random, capture.connect(role), role, 1, 0);

      assertThat(capture.exchanges()).as("seed %d", seed).hasSize(exchanges);
      assertThat(capture.lost()).as("seed %d", seed).isZero();
      assertRight(capture, seed);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SERVER", "CLIENT"})
  void pipelinedAndWhollyCapturedEveryExchangeComesOutWhole(Role role) {
    for (int seed = 0; seed < CONVERSATIONS; seed++) {
      SimulatedCapture capture = new SimulatedCapture().budgets(1 << 20, 1 << 20);
      int exchanges = converse(new Random(seed), capture.connect(role), role, 5, 0);

      assertThat(capture.exchanges()).as("seed %d", seed).hasSize(exchanges);
      assertRight(capture, seed);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SERVER", "CLIENT"})
  void withLossesAndSmallBudgetsNothingIsPairedWrongly(Role role) {
    int reported = 0;
    for (int seed = 0; seed < CONVERSATIONS; seed++) {
      Random random = new Random(seed);
      SimulatedCapture capture =
          new SimulatedCapture().budgets(20 + random.nextInt(3000), 20 + random.nextInt(2000));
      int pipelined = random.nextInt(3) == 0 ? 4 : 1;
      int exchanges = converse(random, capture.connect(role), role, pipelined, random.nextInt(15));

      assertThat(capture.exchanges().size()).isLessThanOrEqualTo(exchanges);
      assertRight(capture, seed);
      reported += capture.exchanges().size();
    }
    assertThat(reported).as("losses do not silence everything").isGreaterThan(CONVERSATIONS);
  }

  private static void assertRight(SimulatedCapture capture, int seed) {
    int previous = 0;
    for (HttpExchange exchange : capture.exchanges()) {
      String path = exchange.path();
      if (exchange.truncated() && exchange.userAgent() == null) {
        continue; // the number itself may be cut
      }
      int n = Integer.parseInt(path.substring(1));
      assertThat(n).as("seed %d: order", seed).isGreaterThan(previous);
      previous = n;
      if (exchange.statusCode() != 0) {
        assertThat(exchange.statusCode()).as("seed %d: %s", seed, path).isEqualTo(status(n));
      }
      assertThat(exchange.requestBodyBytes())
          .as("seed %d: %s", seed, path)
          .isIn(-1L, (long) requestBytes(n));
      if (exchange.errorType() == null) {
        assertThat(exchange.responseBodyBytes())
            .as("seed %d: %s", seed, path)
            .isIn(-1L, (long) answerBytes(n));
      }
      assertThat(exchange.timing().durationNs()).isPositive();
    }
    assertThat(capture.addsUp()).as("seed %d", seed).isTrue();
    assertThat(capture.open()).isZero();
  }

  private static int converse(
      Random random, SimulatedConnection connection, Role role, int pipelined, int lossPercent) {
    int exchanges = 1 + random.nextInt(MAX_EXCHANGES);
    int n = 1;
    while (n <= exchanges) {
      int batch = Math.min(1 + random.nextInt(pipelined), exchanges - n + 1);
      StringBuilder requests = new StringBuilder();
      StringBuilder answers = new StringBuilder();
      for (int i = 0; i < batch; i++, n++) {
        requests.append(request(n));
        answers.append(answer(n));
      }
      move(random, connection, role == Role.SERVER, requests.toString(), lossPercent);
      move(random, connection, role == Role.CLIENT, answers.toString(), lossPercent);
      if (random.nextInt(4) == 0) {
        connection.summary();
      }
    }
    connection.lose(0).close(false, random.nextBoolean());
    return exchanges;
  }

  private static void move(
      Random random, SimulatedConnection connection, boolean rx, String text, int lossPercent) {
    int from = 0;
    while (from < text.length()) {
      int rest = text.length() - from;
      int size = Math.min(rest, 1 + random.nextInt(random.nextBoolean() ? 40 : 6000));
      if (random.nextInt(100) < lossPercent) {
        connection.lose(1);
      }
      String piece = text.substring(from, from + size);
      if (rx) {
        connection.rx(piece);
      } else {
        connection.tx(piece);
      }
      from += size;
    }
  }

  private static String request(int n) {
    String start = method(n) + " /" + n + " HTTP/1.1\r\nUser-Agent: test\r\n";
    return switch (n % 4) {
      case 0 -> start + "Transfer-Encoding: chunked\r\n\r\n" + chunks(requestBytes(n));
      case 1 ->
          start + "Content-Length: " + requestBytes(n) + "\r\n\r\n" + "u".repeat(requestBytes(n));
      default -> start + "\r\n";
    };
  }

  private static String answer(int n) {
    String start = "HTTP/1.1 " + status(n) + " Some Reason\r\n";
    if (method(n).equals("HEAD")) {
      return start + "Content-Length: 4711\r\n\r\n";
    }
    return n % 2 == 0
        ? start + "Transfer-Encoding: chunked\r\n\r\n" + chunks(answerBytes(n))
        : start + "Content-Length: " + answerBytes(n) + "\r\n\r\n" + "d".repeat(answerBytes(n));
  }

  private static String chunks(int bytes) {
    StringBuilder chunks = new StringBuilder();
    for (int left = bytes; left > 0; left -= Math.min(left, 700)) {
      int size = Math.min(left, 700);
      chunks.append(Integer.toHexString(size)).append("\r\n").append("c".repeat(size));
      chunks.append("\r\n");
    }
    return chunks.append("0\r\n\r\n").toString();
  }

  private static String method(int n) {
    return n % 4 < 2 ? "POST" : n % 5 == 0 ? "HEAD" : "GET";
  }

  private static int status(int n) {
    return 220 + n;
  }

  private static int requestBytes(int n) {
    return n % 4 < 2 ? n * 411 : 0;
  }

  private static int answerBytes(int n) {
    return method(n).equals("HEAD") ? 0 : n * 257;
  }
}
