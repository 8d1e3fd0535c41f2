package io.sonde.pipeline.accounting;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** How many client calls got a parent, and why others got none. Safe for use by many threads. */
public final class LinkAccount {
  private final LongAdder[] totals = new LongAdder[LinkResult.values().length];

  public LinkAccount() {
    Arrays.setAll(totals, i -> new LongAdder());
  }

  public void count(LinkResult result) {
    totals[result.ordinal()].increment();
  }

  public long total(LinkResult result) {
    return totals[result.ordinal()].sum();
  }

  SelfMetric metric() {
    Map<Map<String, String>, Double> points = new LinkedHashMap<>();
    for (LinkResult result : LinkResult.values()) {
      points.put(Map.of("result", result.label()), (double) total(result));
    }
    return SelfMetric.counter(
        "sonde_links",
        "Client calls by whether they became a child of the request they were made for. "
            + Arrays.stream(LinkResult.values())
                .map(result -> result.label() + ": " + result.sentence())
                .collect(Collectors.joining("; ")),
        "",
        points);
  }
}
