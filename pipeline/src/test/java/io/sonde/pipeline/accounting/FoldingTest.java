package io.sonde.pipeline.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.pipeline.KeptWarnings;
import io.sonde.pipeline.accounting.Folding.Kind;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FoldingTest {
  private final Folding folding = new Folding();

  @Test
  void eachBudgetOfEachServiceIsCountedAndToldOnce() {
    try (KeptWarnings log = KeptWarnings.of(Folding.class)) {
      folding.of("prod", "shop").count(Kind.ROUTES, 500);
      folding.of("prod", "shop").count(Kind.ROUTES, 500);
      folding.of("", "shop").count(Kind.SPAN_NAMES, 7);

      assertThat(log.all())
          .as("the second comes within a second")
          .containsExactly(
              "service shop has more than 500 different routes: further ones have the route /**;"
                  + " sonde_folded_total counts them. See routes.patterns, or"
                  + " limits.routes_per_service");
    }
    assertThat(folding.metric().points())
        .containsOnly(
            Map.entry(Map.of("service", "shop", "namespace", "prod", "kind", "routes"), 2.0),
            Map.entry(Map.of("service", "shop", "namespace", "", "kind", "span_names"), 1.0));
  }

  @Test
  void moreServicesThanAreKeptAreCountedTogether() {
    for (int i = 0; i < Folding.MAX_SERVICES + 50; i++) {
      folding.of("", "service" + i).count(Kind.SERIES, 10);
    }
    assertThat(folding.metric().points())
        .hasSize(Folding.MAX_SERVICES + 1)
        .containsEntry(Map.of("service", "others", "namespace", "", "kind", "series"), 50.0);
  }
}
