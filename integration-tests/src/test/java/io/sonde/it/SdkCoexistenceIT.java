package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A service that an OpenTelemetry SDK runs in")
class SdkCoexistenceIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int ORDERS = 23;

  @TempDir Path folder;

  @BeforeAll
  static void theCollectorsBuilderNeedsARecentGo() {
    GoModules.assumeGoBuildsThem();
  }

  @Test
  void isToldOfOnceByTheSdkAndAfterARestartWithoutItBySonde() throws Exception {
    int port = Ports.free();
    try (Collector collector = Collector.start(folder);
        Sonde sonde = sondeTo(collector, port)) {
      AtomicInteger before = new AtomicInteger();
      try (InstrumentedShop shop = InstrumentedShop.start(folder, port, collector.httpEndpoint())) {
        await("the first exports of both signals")
            .atMost(PATIENCE)
            .until(
                () -> {
                  Http.curl(folder, shop.order(0));
                  before.incrementAndGet();
                  return avoided(sonde).size() == 2;
                });
        assertThat(avoided(sonde))
            .allMatch(sample -> sample.has("service_name", InstrumentedShop.NAME))
            .allMatch(sample -> sample.has("evidence", "http_export"))
            .extracting(sample -> sample.labels().get("telemetry_type"))
            .containsExactlyInAnyOrder("traces", "metrics");

        for (int number = 1; number <= ORDERS; number++) {
          Http.curl(folder, shop.order(number));
        }
        awaitWithheld(sonde, "traces");
        awaitWithheld(sonde, "metrics");
        assertToldOnceByTheSdk(collector, before.get());
        assertThat(sonde.program().errors())
            .contains("orders", "exports its traces itself", "exports its metrics itself");
      }
      try (InstrumentedShop plain = InstrumentedShop.withoutInstrumentation(folder, port)) {
        Http.curl(folder, plain.order(99));

        await("the span of Sonde")
            .atMost(PATIENCE)
            .untilAsserted(
                () ->
                    assertThat(spansOf(collector, 99))
                        .singleElement()
                        .satisfies(span -> assertThat(sdk(span.resource())).isEqualTo("sonde")));
      }
    }
  }

  private Sonde sondeTo(Collector collector, int port) {
    return Sonde.start(
        folder,
        Map.of(
            "BEYLA_OPEN_PORT",
            Integer.toString(port),
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            collector.grpcEndpoint(),
            "OTEL_EXPORTER_OTLP_PROTOCOL",
            "grpc",
            "OTEL_METRIC_EXPORT_INTERVAL",
            "500"));
  }

  /** One by one: none of Sonde's, and the SDK's all. */
  private static void assertToldOnceByTheSdk(Collector collector, int before) {
    await("each order from the SDK")
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(IntStream.rangeClosed(1, ORDERS))
                    .allSatisfy(number -> assertThat(spansOf(collector, number)).isNotEmpty()));
    for (int number = 1; number <= ORDERS; number++) {
      assertThat(spansOf(collector, number))
          .singleElement()
          .satisfies(span -> assertThat(sdk(span.resource())).isEqualTo("opentelemetry"));
    }
    await("the SDK's metric of all orders")
        .atMost(PATIENCE)
        .until(() -> counted(collector, "opentelemetry") >= before + ORDERS);
    assertThat(counted(collector, "sonde")).isLessThanOrEqualTo(before);
    assertThat(collector.spans())
        .as("the shop's own exports")
        .noneMatch(span -> span.attributes().getOrDefault("url.full", "").contains("/v1/"));
  }

  /** Every order went through Sonde, which told none. */
  private static void awaitWithheld(Sonde sonde, String what) {
    await(what + " withheld")
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> sonde.metrics().sum("sonde_avoided_total", "what", what) >= ORDERS);
  }

  private static List<Samples.Sample> avoided(Sonde sonde) throws Exception {
    return sonde.metrics().named("sonde_avoided_services");
  }

  /** Old conventions call the path http.target. */
  private static List<OtlpSpan> spansOf(Collector collector, int number) {
    String path = InstrumentedShop.path(number);
    return collector.spans().stream()
        .filter(
            span ->
                path.equals(span.attributes().get("url.path"))
                    || path.equals(span.attributes().get("http.target")))
        .toList();
  }

  /** The most requests that one point of that origin tells of. */
  private static long counted(Collector collector, String sdk) {
    return collector.histogramPoints().stream()
        .filter(point -> sdk.equals(sdk(point.resource())))
        .filter(point -> InstrumentedShop.NAME.equals(point.resource().get("service.name")))
        .filter(
            point ->
                List.of("http.server.duration", "http.server.request.duration")
                    .contains(point.metric()))
        .mapToLong(OtlpPoint::count)
        .max()
        .orElse(0);
  }

  private static String sdk(Map<String, String> resource) {
    return resource.get("telemetry.sdk.name");
  }
}
