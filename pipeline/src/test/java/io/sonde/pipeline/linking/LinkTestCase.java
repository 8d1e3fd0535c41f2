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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A simulated capture, and the parents that its spans get. */
abstract class LinkTestCase {
  static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

  final LinkAccount account = new LinkAccount();
  final List<Trace> traces = new ArrayList<>();
  final List<HttpExchange> counted = new ArrayList<>();
  long clock;
  final SimulatedCapture capture =
      new SimulatedCapture(10_000)
          .into(
              new Linker(
                  Duration.ofSeconds(1),
                  SamplerSetting.DEFAULT,
                  Outputs.withoutExemplars(
                      exchange -> counted.add((HttpExchange) exchange),
                      List.of(traces::add),
                      new Untold()),
                  account,
                  () -> clock));

  final SimulatedConnection client() {
    return capture.connect(Role.CLIENT);
  }

  static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
  }

  static String get(String path, String traceParent) {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\ntraceparent: " + traceParent + "\r\n\r\n";
  }

  final Trace trace(String path) {
    List<Trace> found =
        traces.stream().filter(t -> ((HttpExchange) t.exchange()).path().equals(path)).toList();
    assertThat(found).as(path).hasSize(1);
    return found.get(0);
  }

  final void assertChild(String call, String request) {
    assertThat(trace(call).parent()).isEqualTo(trace(request).context());
    assertThat(trace(call).traceId()).isEqualTo(trace(request).traceId());
    assertThat(trace(call).sampled()).isEqualTo(trace(request).sampled());
  }

  final void assertRoot(String path, LinkResult reason) {
    assertThat(trace(path).parent().isValid()).isFalse();
    assertThat(account.total(reason)).as(reason.label()).isEqualTo(1);
    assertThat(account.total(LinkResult.LINKED)).isZero();
  }
}
