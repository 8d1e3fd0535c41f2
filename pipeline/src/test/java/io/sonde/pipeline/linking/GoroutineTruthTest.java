package io.sonde.pipeline.linking;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.pipeline.accounting.LinkAccount;
import io.sonde.pipeline.accounting.LinkResult;
import io.sonde.pipeline.accounting.Untold;
import io.sonde.pipeline.connection.SimulatedCapture;
import io.sonde.pipeline.connection.SimulatedConnection;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.HttpExchange;
import io.sonde.pipeline.identity.SamplerSetting;
import io.sonde.pipeline.linking.SimulatedGo.Goroutine;
import io.sonde.pipeline.linking.SimulatedGo.Pooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A Go service at random, with records lost of all kinds: handlers on connections that are kept,
 * and what they create, which works on after the answer; workers; and calls over pooled
 * connections. No parent is ever a wrong one.
 */
class GoroutineTruthTest {
  private static final int RUNS = 300;
  private static final int STEPS = 400;
  private static final String NOBODY = "/alone";

  private int linked;
  private int calls;
  private int madeWhileServed;

  /** A goroutine that makes calls, and for what. */
  private record Maker(Goroutine goroutine, String request) {}

  private final class Service {
    private final Random random;
    private final SimulatedCapture capture;
    private final SimulatedGo go;
    private final boolean loses;
    private final List<Handler> handlers = new ArrayList<>();
    private final List<Maker> lingering = new ArrayList<>();
    private final List<Pooled> pool = new ArrayList<>();
    private int requests;

    Service(SimulatedCapture capture, Random random, boolean loses) {
      this.capture = capture;
      this.random = random;
      this.loses = loses;
      this.go = new SimulatedGo(capture, SimulatedCapture.PID);
      Goroutine acceptor = go.create(go.main);
      for (int i = 0; i < 4; i++) {
        handlers.add(new Handler(go.create(acceptor)));
      }
      lingering.add(new Maker(go.create(go.main), NOBODY));
    }

    void step() {
      if (random.nextInt(8) == 0) {
        Maker maker = lingering.get(random.nextInt(lingering.size()));
        call(maker.goroutine, maker.request);
      } else {
        handlers.get(random.nextInt(handlers.size())).step();
      }
    }

    void call(Goroutine caller, String request) {
      Pooled client =
          pool.isEmpty() || random.nextInt(4) == 0
              ? go.dial(caller)
              : pool.remove(random.nextInt(pool.size()));
      perhapsLose(client.connection);
      if (!loses || random.nextInt(20) > 0) {
        client.tell(caller);
      }
      client.write("/for" + request);
      perhapsLose(client.connection);
      client.answer();
      pool.add(client);
    }

    void perhapsLose(SimulatedConnection connection) {
      if (loses && random.nextInt(25) == 0) {
        connection.lose(1 + random.nextInt(2));
      }
    }

    /** Serves one request after the other on a connection that is kept. */
    private final class Handler {
      private final Goroutine goroutine;
      private final SimulatedConnection connection;
      private final List<Maker> created = new ArrayList<>();
      private String request; // null between requests

      Handler(Goroutine goroutine) {
        this.goroutine = goroutine;
        this.connection = go.serves(goroutine);
      }

      void step() {
        if (request == null) {
          read();
          return;
        }
        switch (random.nextInt(5)) {
          case 0 -> {
            call(goroutine, request);
            madeWhileServed++;
          }
          case 1 -> {
            Goroutine creator =
                created.isEmpty() ? goroutine : created.get(created.size() - 1).goroutine;
            created.add(new Maker(go.create(random.nextBoolean() ? goroutine : creator), request));
          }
          case 2 -> {
            perhapsLose(connection);
            connection.tx(LinkTestCase.OK);
            created.removeIf(maker -> random.nextBoolean());
            lingering.addAll(created);
            created.clear();
            request = null;
          }
          default -> {
            if (!created.isEmpty()) {
              call(created.get(random.nextInt(created.size())).goroutine, request);
              madeWhileServed++;
            }
          }
        }
      }

      private void read() {
        request = "/" + ++requests;
        String bytes = LinkTestCase.get(request);
        perhapsLose(connection);
        if (random.nextInt(4) == 0) { // by the goroutine that waits for the client to leave
          go.as(go.create(goroutine), connection).rx(bytes.substring(0, 1));
          perhapsLose(connection);
          bytes = bytes.substring(1);
        }
        go.as(goroutine, connection).rx(bytes);
      }
    }
  }

  private void run(long seed, boolean loses) {
    List<Trace> traces = new ArrayList<>();
    LinkAccount account = new LinkAccount();
    SimulatedCapture capture =
        new SimulatedCapture(10_000)
            .into(
                new Linker(
                    Duration.ofSeconds(1),
                    SamplerSetting.DEFAULT,
                    Outputs.withoutExemplars(counted -> {}, List.of(traces::add), new Untold()),
                    account,
                    () -> 0));
    Service service = new Service(capture, new Random(seed), loses);
    for (int i = 0; i < STEPS; i++) {
      service.step();
    }
    capture.end();
    check(traces, account, seed);
  }

  private void check(List<Trace> traces, LinkAccount account, long seed) {
    Map<String, Trace> bySpan = new HashMap<>();
    traces.forEach(trace -> bySpan.put(trace.spanId(), trace));
    int linkedHere = 0;
    for (Trace trace : traces) {
      calls += trace.exchange().role() == Role.CLIENT ? 1 : 0;
      if (trace.parent().isValid()) {
        linkedHere++;
        String request = path(bySpan.get(trace.parentSpanId()));
        assertThat(path(trace)).as("seed %d", seed).isEqualTo("/for" + request);
      }
    }
    assertThat(account.total(LinkResult.LINKED)).isEqualTo(linkedHere);
    linked += linkedHere;
  }

  private static String path(Trace trace) {
    return ((HttpExchange) trace.exchange()).path();
  }

  @Test
  void everyCallThatIsMadeWhileItsRequestIsServedHasItsParent() {
    for (int seed = 0; seed < RUNS; seed++) {
      run(seed, false);
    }
    // The rest: of requests that are open when the capture ends.
    assertThat(linked).isBetween(madeWhileServed * 9 / 10, madeWhileServed);
    assertThat(calls).isGreaterThan(madeWhileServed);
  }

  @Test
  void noneHasAWrongOneWhateverIsLost() {
    for (int seed = 0; seed < RUNS; seed++) {
      run(seed, true);
    }
    assertThat(linked).isGreaterThan(madeWhileServed / 4);
  }
}
