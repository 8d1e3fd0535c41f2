package io.sonde.pipeline.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.event.TlsMatch;
import io.sonde.pipeline.exchange.HttpExchange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Many connections at once, some with several TLS sessions one after the other, told in any order,
 * cut in any way, matched at once, later, never or in contradiction, with records missing: every
 * request is told once, on its own connection and with its own answer, or something is counted in
 * its place.
 */
class TlsInterleavingTest {
  private static final int ROUNDS = 250;
  private static final String RECORD = "\u0017\u0003\u0003\u0000\u0045\u00aa\u0001";
  private static final String HELLO = "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc";

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void everyRequestIsToldOnceOnItsConnectionOrCounted(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      new Round(random).run("seed %d, round %d".formatted(seed, round));
    }
  }

  /** What can happen to a session besides being read. */
  private enum Fate {
    MATCHED_AT_ONCE,
    MATCHED_LATER,
    NEVER_MATCHED,
    CONTRADICTED,
    RECORDS_LOST
  }

  /** What was said and must be told. */
  private record Said(long connection, int status) {}

  private static final class Round {
    private final Random random;
    private final SimulatedCapture capture = new SimulatedCapture();
    private final List<Deque<Runnable>> scripts = new ArrayList<>();
    private final Map<String, Said> said = new HashMap<>();
    private final List<String> certain = new ArrayList<>();
    private int sessions;

    Round(Random random) {
      this.random = random;
    }

    void run(String name) {
      int connections = 1 + random.nextInt(8);
      for (int i = 0; i < connections; i++) {
        scripts.add(connection());
      }
      while (!scripts.isEmpty()) {
        Deque<Runnable> script = scripts.get(random.nextInt(scripts.size()));
        script.remove().run();
        if (script.isEmpty()) {
          scripts.remove(script);
        }
        assertThat(capture.addsUp()).as(name).isTrue();
      }
      capture.end();
      assertThat(capture.addsUp()).as(name).isTrue();
      assertThat(capture.open()).as(name).isZero();
      check(name);
    }

    private void check(String name) {
      Map<String, HttpExchange> told = new HashMap<>();
      for (HttpExchange exchange : capture.exchanges()) {
        assertThat(told.put(exchange.path(), exchange)).as("%s: told twice", name).isNull();
        Said request = said.get(exchange.path());
        assertThat(exchange.connection().connection()).as(name).isEqualTo(request.connection());
        assertThat(exchange.scheme()).as(name).isEqualTo("https");
        if (exchange.statusCode() != 0) {
          assertThat(exchange.statusCode()).as(name).isEqualTo(request.status());
        }
      }
      assertThat(told.keySet()).as(name).containsAll(certain);
      assertThat(certain).as(name).allMatch(path -> told.get(path).statusCode() != 0);
      assertThat(capture.lost()).as(name).isGreaterThanOrEqualTo(said.size() - told.size());
      if (certain.size() == said.size()) {
        assertThat(capture.lost()).as(name).isZero();
      }
    }

    private Deque<Runnable> connection() {
      Deque<Runnable> script = new ArrayDeque<>();
      boolean older = random.nextInt(5) == 0;
      Role role = random.nextBoolean() ? Role.SERVER : Role.CLIENT;
      SimulatedConnection socket = older ? capture.connectedBefore() : capture.connect(role);
      if (random.nextBoolean()) {
        script.add(() -> (role == Role.SERVER ? socket.rx(HELLO) : socket.tx(HELLO)).summary());
        script.add(() -> (role == Role.SERVER ? socket.tx(HELLO) : socket.rx(HELLO)).summary());
      }
      int count = 1 + random.nextInt(2);
      for (int i = 0; i < count; i++) {
        session(script, socket, role, i > 0);
      }
      if (random.nextInt(4) > 0) {
        script.add(socket::close);
      }
      return script;
    }

    private void session(
        Deque<Runnable> script, SimulatedConnection socket, Role role, boolean follows) {
      Fate fate = Fate.values()[random.nextInt(Fate.values().length)];
      if (follows && fate == Fate.NEVER_MATCHED) {
        fate = Fate.MATCHED_AT_ONCE;
      }
      boolean inMemory = fate == Fate.MATCHED_LATER || fate == Fate.NEVER_MATCHED;
      SimulatedConnection tls = inMemory ? socket.tlsInMemory() : socket.tls();
      if (random.nextBoolean() && fate != Fate.NEVER_MATCHED) {
        script.add(tls::readable);
      }
      int number = ++sessions;
      int requests = 1 + random.nextInt(5);
      int turning = random.nextInt(requests);
      for (int i = 0; i < requests; i++) {
        if (i == turning) {
          turn(script, tls, fate);
        }
        if (random.nextInt(4) == 0) {
          script.add(() -> socket.rx(RECORD).tx(RECORD));
        }
        String path = "/" + number + "-" + i;
        int status = 200 + random.nextInt(300);
        said.put(path, new Said(socket.cookie(), status));
        if (fate == Fate.MATCHED_AT_ONCE || fate == Fate.MATCHED_LATER) {
          certain.add(path);
        }
        move(script, tls, role == Role.SERVER, request(path), fate == Fate.RECORDS_LOST);
        move(script, tls, role == Role.CLIENT, answer(status), fate == Fate.RECORDS_LOST);
      }
    }

    private void turn(Deque<Runnable> script, SimulatedConnection tls, Fate fate) {
      if (fate == Fate.MATCHED_LATER) {
        script.add(() -> tls.matched(TlsMatch.THREAD));
      } else if (fate == Fate.CONTRADICTED) {
        script.add(() -> tls.matched(TlsMatch.CONFLICT));
      }
    }

    private String request(String path) {
      int body = random.nextInt(3) == 0 ? random.nextInt(9000) : 0;
      return "POST %s HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n%s"
          .formatted(path, body, "b".repeat(body));
    }

    private String answer(int status) {
      if (status == 204 || status == 304) {
        return "HTTP/1.1 %d Made up\r\n\r\n".formatted(status);
      }
      int body = random.nextInt(3) == 0 ? random.nextInt(3000) : 0;
      return "HTTP/1.1 %d Made up\r\nContent-Length: %d\r\n\r\n%s"
          .formatted(status, body, "a".repeat(body));
    }

    /**
     * In one operation, or in a few: as many as are held of a session that is matched at its end.
     * What was over the budget is told straight after.
     */
    private void move(
        Deque<Runnable> script,
        SimulatedConnection tls,
        boolean received,
        String text,
        boolean lossy) {
      int from = 0;
      int pieces = 0;
      while (from < text.length()) {
        int to =
            ++pieces == 3 || random.nextBoolean()
                ? text.length()
                : Math.min(text.length(), from + 1 + random.nextInt(400));
        String piece = text.substring(from, to);
        boolean lost = lossy && random.nextInt(8) == 0;
        script.add(
            () -> {
              tls.lose(lost ? 1 : 0);
              if (received) {
                tls.rx(piece);
              } else {
                tls.tx(piece);
              }
              tls.lose(0);
            });
        from = to;
      }
      script.add(tls::summary);
    }
  }
}
