package io.sonde.pipeline.linking;

import static io.sonde.pipeline.exchange.HttpExchanges.exchange;
import static io.sonde.pipeline.exchange.RpcExchanges.call;
import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.Exchange;
import io.sonde.pipeline.exchange.HttpExchange;
import io.sonde.pipeline.exchange.RequestKey;
import io.sonde.pipeline.exchange.RpcExchange;
import io.sonde.pipeline.exchange.ThreadEvidence;
import io.sonde.pipeline.exchange.ThreadEvidence.Finding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An RPC has its place in a trace as any exchange has: as a request, and as a call. */
class RpcLinkTest {
  private static final String HEADER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  private final List<Trace> traces = new ArrayList<>();
  private final Linker linker =
      Linkers.to(
          Duration.ofSeconds(1),
          trace -> {
            traces.add(trace);
            return true;
          });

  private static ThreadEvidence certain(RequestKey request) {
    return new ThreadEvidence(request, Finding.CERTAIN, Long.MAX_VALUE, List.of());
  }

  private Trace of(Class<? extends Exchange> type, Role role) {
    return traces.stream()
        .filter(trace -> type.isInstance(trace.exchange()) && trace.exchange().role() == role)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aCallThatIsMadeForARequestOfHttpWaitsForItAndIsItsChild() {
    RequestKey request = new RequestKey();
    linker.accept(call().role(Role.CLIENT).threads(certain(request)).build());
    assertThat(traces).isEmpty();

    linker.accept(exchange().threads(certain(request)).build());
    Trace parent = of(HttpExchange.class, Role.SERVER);
    Trace child = of(RpcExchange.class, Role.CLIENT);
    assertThat(child.traceId()).isEqualTo(parent.traceId());
    assertThat(child.parentSpanId()).isEqualTo(parent.spanId());
  }

  @Test
  void whatAnRpcCallsIsItsChild() {
    RequestKey request = new RequestKey();
    linker.accept(exchange().role(Role.CLIENT).threads(certain(request)).build());
    linker.accept(call().role(Role.CLIENT).threads(certain(request)).build());
    linker.accept(call().threads(certain(request)).build());

    Trace parent = of(RpcExchange.class, Role.SERVER);
    assertThat(of(HttpExchange.class, Role.CLIENT).parentSpanId()).isEqualTo(parent.spanId());
    assertThat(of(RpcExchange.class, Role.CLIENT).parentSpanId()).isEqualTo(parent.spanId());
  }

  @Test
  void anRpcFollowsTheHeaderThatItCameWith() {
    linker.accept(call().traceParent(HEADER).build());
    assertThat(traces.get(0).traceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
    assertThat(traces.get(0).parentSpanId()).isEqualTo("b7ad6b7169203331");
  }
}
