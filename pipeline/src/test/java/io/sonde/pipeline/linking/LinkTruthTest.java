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
import io.sonde.pipeline.linking.SimulatedThread.Kind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Threads of every kind side by side at random, with losses: no parent is ever a wrong one. */
class LinkTruthTest {
  private static final int RUNS = 300;
  private static final int STEPS = 400;

  private int linked;
  private int calls;

  private void run(long seed, Kind... kinds) {
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
    Random random = new Random(seed);
    Deque<SimulatedConnection> pool = new ArrayDeque<>();
    List<SimulatedThread> threads = new ArrayList<>();
    for (Kind kind : kinds) {
      threads.add(new SimulatedThread(capture, random, kind, 100 + threads.size(), pool));
    }
    for (int i = 0; i < STEPS; i++) {
      threads.get(random.nextInt(threads.size())).step();
    }
    capture.end();
    check(traces, account, seed);
  }

  private void check(List<Trace> traces, LinkAccount account, long seed) {
    Map<String, Trace> bySpan = new HashMap<>();
    for (Trace trace : traces) {
      bySpan.put(trace.spanId(), trace);
    }
    int linkedHere = 0;
    int callsHere = 0;
    for (Trace trace : traces) {
      callsHere += trace.exchange().role() == Role.CLIENT ? 1 : 0;
      if (trace.parent().isValid()) {
        linkedHere++;
        String request = path(bySpan.get(trace.parentSpanId()));
        assertThat(path(trace)).as("seed %d", seed).isEqualTo("/for" + request);
        assertThat(trace.parent().getTraceId()).isEqualTo(trace.traceId());
      }
    }
    assertThat(account.total(LinkResult.LINKED)).isEqualTo(linkedHere);
    long counted = 0;
    for (LinkResult result : LinkResult.values()) {
      counted += account.total(result);
    }
    assertThat(counted).isEqualTo(callsHere);
    linked += linkedHere;
    calls += callsHere;
  }

  private static String path(Trace trace) {
    return ((HttpExchange) trace.exchange()).path();
  }

  @ParameterizedTest
  @EnumSource
  void threadsOfOneKindGetNoWrongParent(Kind kind) {
    for (int seed = 0; seed < RUNS; seed++) {
      run(seed, kind, kind, kind);
    }
    assertThat(calls).isGreaterThan(RUNS * STEPS / 10);
    if (kind == Kind.BACKGROUND || kind == Kind.EVENT_LOOP) {
      assertThat(linked).isZero();
    }
    if (kind == Kind.WORKER) { // the rest: records lost, requests without an answer
      assertThat(linked).isGreaterThan(calls * 6 / 10);
    }
  }

  @Test
  void threadsOfAllKindsInOneProcessGetNoWrongParent() {
    for (int seed = 0; seed < RUNS; seed++) {
      run(
          seed,
          Kind.WORKER,
          Kind.WORKER,
          Kind.BACKGROUND,
          Kind.EVENT_LOOP,
          Kind.SELECT_LOOP,
          Kind.WORKER);
    }
    assertThat(linked).isGreaterThan(calls / 5);
  }
}
