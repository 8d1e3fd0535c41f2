package io.sonde.pipeline.linking;

import static io.sonde.pipeline.exchange.HttpExchanges.exchange;
import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.pipeline.accounting.SelfMetric;
import io.sonde.pipeline.accounting.SelfMetrics;
import io.sonde.pipeline.exchange.HttpExchange;
import io.sonde.pipeline.identity.ServiceOverrides.Export;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OutputsTest {
  private final SelfMetrics self = new SelfMetrics();
  private final List<String> told = new ArrayList<>();
  private final Outputs outputs =
      new Outputs(
          exchange -> told.add("metrics"),
          trace -> told.add("metrics with exemplar"),
          List.of(trace -> told.add("traces")),
          self.untold());
  private final Linker linker = Linkers.to(Duration.ofSeconds(1), outputs);

  @Test
  void whatASignalIsToIgnoreIsCountedForItAndToldByTheOther() {
    pass(Set.of());
    assertThat(told).containsExactly("metrics with exemplar", "traces");
    told.clear();
    pass(Set.of(Export.METRICS));
    assertThat(told).containsExactly("traces");
    told.clear();
    pass(Set.of(Export.TRACES));
    assertThat(told).as("no exemplar names a span that is not told").containsExactly("metrics");
    told.clear();
    pass(Set.of(Export.METRICS, Export.TRACES));
    assertThat(told).isEmpty();

    assertThat(untold())
        .containsOnly(
            Map.entry(Map.of("signal", "metrics", "reason", "ignored_pattern"), 2.0),
            Map.entry(Map.of("signal", "traces", "reason", "ignored_pattern"), 2.0));
  }

  @Test
  void whereThereAreOnlyMetricsTracesHaveNothingToIgnore() {
    HttpExchange any = exchange().build();
    outputs.acceptEarly(any.routed("/", "GET /", Set.of(Export.TRACES)));

    assertThat(told).containsExactly("metrics");
    assertThat(untold()).isEmpty();
  }

  private void pass(Set<Export> ignoredFor) {
    HttpExchange any = exchange().build();
    linker.accept(any.routed("/", "GET /", ignoredFor));
  }

  private Map<Map<String, String>, Double> untold() {
    return self.collect().stream()
        .filter(metric -> metric.name().equals("sonde_exchanges_untold"))
        .map(SelfMetric::points)
        .findFirst()
        .orElseThrow();
  }
}
