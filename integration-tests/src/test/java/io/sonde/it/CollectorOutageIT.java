package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every request has a number; counted is what the Collector wrote down, and what Sonde says. */
@DisplayName("While a real Collector is away, nothing is lost that fits the queue,")
class CollectorOutageIT {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  /** One span per request however busy the machine is, and short pauses between attempts. */
  private static final String QUICK =
      """
      queue_threshold = 1h
      otel_export.timeout = 1s
      otel_export.backoff_initial_interval = 200ms
      otel_export.backoff_max_interval = 500ms
      """;

  @TempDir Path folder;
  private WebServer server;

  @BeforeAll
  static void aCollectorCanBeBuilt() {
    GoModules.assumeGoBuildsThem();
  }

  @BeforeEach
  void startServer() {
    server = WebServer.start(WebServer.Kind.NGINX, folder);
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"grpc", "http/protobuf"})
  void afterItIsKilledAmidTraffic(String protocol) {
    int requests = 400;
    try (Collector collector = Collector.start(folder);
        Sonde sonde = sonde(protocol, collector.endpoint(protocol), "");
        NumberedRequests traffic =
            NumberedRequests.begin(folder, server, 1, requests, 80)) { // some five seconds
      await("spans").atMost(PATIENCE).until(() -> !collector.spans().isEmpty());
      collector.program().kill();
      awaitQueued(sonde, 1);
      collector.start();
      traffic.awaitEnd();

      assertEveryRequestArrived(collector, requests);
      assertTwiceIsAtMostOneRequest(collector);
      assertAllIsTold(sonde, requests, requests);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"grpc", "http/protobuf"})
  void afterItHungAmidTraffic(String protocol) {
    int requests = 400;
    try (Collector collector = Collector.start(folder);
        Sonde sonde = sonde(protocol, collector.endpoint(protocol), "");
        NumberedRequests traffic = NumberedRequests.begin(folder, server, 1, requests, 80)) {
      await("spans").atMost(PATIENCE).until(() -> !collector.spans().isEmpty());
      collector.program().hang();
      try {
        sonde.program().awaitLine("traces are not exported for now");
        traffic.awaitEnd();
      } finally {
        collector.program().resume();
      }

      assertEveryRequestArrived(collector, requests);
      assertTwiceIsAtMostOneRequest(collector);
      assertAllIsTold(sonde, requests, requests);
    }
  }

  @Test
  void afterItRefusedForLackOfMemory() {
    int requests = 200;
    try (Collector collector = Collector.absent(folder)) {
      collector.start("collector-refusing.yaml", Map.of());
      try (Sonde sonde = sonde(collector, "")) {
        NumberedRequests.send(folder, server, 1, requests);
        sonde.program().awaitLine("traces are not exported for now.*memory");
        awaitQueued(sonde, 1);
        assertThat(collector.spans()).isEmpty();

        collector.stop();
        collector.start();
        assertEveryRequestArrived(collector, requests);
        assertThat(collector.spans()).as("each once: no answer was lost").hasSize(requests);
        assertAllIsTold(sonde, requests, requests);
      }
    }
  }

  @Test
  void afterItTookMetricsOnlyWhichWentOn() {
    int requests = 100;
    String oftenAsked = "otel_export.unimplemented_retry_interval = 1s\n";
    try (Collector collector = Collector.ofMetricsAlone(folder);
        Sonde sonde = sonde(collector, oftenAsked)) {
      NumberedRequests.send(folder, server, 1, requests);
      sonde.program().awaitLine("traces are parked");
      await("metrics of all requests")
          .atMost(PATIENCE)
          .until(
              () ->
                  collector.histogramPoints().stream()
                      .filter(point -> point.metric().equals("http.server.request.duration"))
                      .anyMatch(point -> point.count() == requests));
      assertThat(sonde.program().errors()).containsOnlyOnce("traces are parked");

      collector.stop();
      collector.start();
      assertEveryRequestArrived(collector, requests);
      assertAllIsTold(sonde, requests, requests);
    }
  }

  @Test
  void thoughSondeItselfIsRestartedAndKilledMeanwhileIfTheQueueIsOnDisk() throws IOException {
    Path queue = Files.createDirectory(folder.resolve("queue"));
    Files.setPosixFilePermissions(queue, PosixFilePermissions.fromString("rwxrwxrwx"));
    String onDisk = "otel_export.queue.directory = \"" + queue + "\"\n";
    try (Collector collector = Collector.absent(folder)) {
      try (Sonde first = sonde(collector, onDisk)) {
        NumberedRequests.send(folder, server, 1, 100);
        first.awaitTraces(100, trace -> true);
        assertThat(first.program().terminate()).isZero();
      }
      try (Sonde second = sonde(collector, onDisk)) {
        awaitStage(second, "in", 100); // found again
        NumberedRequests.send(folder, server, 101, 200);
        awaitEncoded(second, 200);
        second.program().kill();
      }
      try (Sonde third = sonde(collector, onDisk)) {
        NumberedRequests.send(folder, server, 201, 300);
        collector.start();

        assertEveryRequestArrived(collector, 300);
        assertThat(collector.spans()).as("each once: nothing was under way").hasSize(300);
        assertAllIsTold(third, 300, 300);
      }
    }
  }

  @Test
  void andWhatDoesNotFitIsFromItsMiddleAndCounted() {
    int requests = 2000;
    try (Collector collector = Collector.absent(folder);
        Sonde sonde =
            sonde(
                collector,
                """
                otel_export.queue.max_bytes = 64KiB
                otel_traces_export { batch_max_size = 20, queue_size = 500 }
                """);
        NumberedRequests traffic = NumberedRequests.begin(folder, server, 1, requests, 300)) {
      traffic.awaitEnd();
      awaitEncoded(sonde, requests);
      collector.start();
      await("all to be sent, also what waited to be encoded")
          .atMost(PATIENCE)
          .until(() -> collector.spans().size() + lost(sonde, "export_queue_full") == requests);

      List<Integer> arrived =
          collector.spans().stream().map(NumberedRequests::of).sorted().toList();
      long dropped = (long) lost(sonde, "export_queue_full");
      assertThat(arrived).doesNotHaveDuplicates();
      assertThat(dropped).isPositive();
      assertThat(arrived.size() + dropped).isEqualTo(requests);
      assertThat(arrived).as("its beginning and its end").contains(1, requests);
      assertThat(dropped)
          .as("dropped is one stretch: between what was encoded and what waited to be")
          .isEqualTo(longestGap(arrived));
      assertAllIsTold(sonde, requests, arrived.size());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"path", "abstract"})
  void afterItIsKilledAtAUnixSocket(String kind) throws IOException {
    int requests = 200;
    boolean isFile = kind.equals("path");
    Path socket = folder.resolve("otlp.sock");
    // Named after this JVM, since all processes of the machine share these names.
    String name = isFile ? socket.toString() : "@sonde-it-otlp-" + ProcessHandle.current().pid();
    try (Collector collector = Collector.absentAtUnixSocket(folder, name)) {
      collector.start();
      try (Sonde sonde = sonde(collector, "")) {
        NumberedRequests.send(folder, server, 1, 100);
        await("spans").atMost(PATIENCE).until(() -> collector.spans().size() == 100);
        collector.program().kill();
        NumberedRequests.send(folder, server, 101, requests);
        if (isFile) {
          sonde.program().awaitLine("exists, but nobody listens: .* remove the file");
          assertThat(collector.launch().awaitExit(PATIENCE)).as("it cannot listen").isNotZero();
          Files.delete(socket);
        } else {
          sonde.program().awaitLine("nobody listens on");
        }
        collector.start();

        assertEveryRequestArrived(collector, requests);
        assertAllIsTold(sonde, requests, requests);
      }
    }
  }

  private Sonde sonde(Collector collector, String configuration) {
    return sonde("grpc", collector.grpcEndpoint(), configuration);
  }

  private Sonde sonde(String protocol, String endpoint, String configuration) {
    return Sonde.configured(
        folder,
        Map.of(
            "BEYLA_OPEN_PORT",
            Integer.toString(server.port()),
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            endpoint,
            "OTEL_EXPORTER_OTLP_PROTOCOL",
            protocol,
            "OTEL_METRIC_EXPORT_INTERVAL",
            "500"),
        QUICK + configuration);
  }

  private static void assertEveryRequestArrived(Collector collector, int requests) {
    Set<Integer> sent = IntStream.rangeClosed(1, requests).boxed().collect(Collectors.toSet());
    await("every request")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(
            () ->
                assertThat(
                        collector.spans().stream()
                            .map(NumberedRequests::of)
                            .collect(Collectors.toSet()))
                    .isEqualTo(sent));
    assertThat(collector.spans().stream().map(OtlpSpan::spanId).distinct()).hasSize(requests);
  }

  /** An answer can be lost only of the request that was under way. */
  private static void assertTwiceIsAtMostOneRequest(Collector collector) {
    Map<List<String>, Long> times =
        collector.spanRequests().stream()
            .map(request -> request.stream().map(OtlpSpan::spanId).toList())
            .collect(Collectors.groupingBy(ids -> ids, Collectors.counting()));
    assertThat(times.values().stream().filter(arrived -> arrived > 1).count())
        .isLessThanOrEqualTo(1);
    assertThat(times.keySet().stream().flatMap(List::stream))
        .as("no span is in two different requests")
        .doesNotHaveDuplicates();
  }

  /** What came in went out or is told as lost, and nothing is left. */
  private static void assertAllIsTold(Sonde sonde, int in, int out) {
    awaitStage(sonde, "in", in);
    awaitStage(sonde, "out", out);
    assertThat(metrics(sonde).sum("sonde_stage_lost_total", "stage", "export_traces"))
        .isEqualTo(in - out);
    assertThat(queuedBytes(sonde)).isZero();
  }

  private static void awaitStage(Sonde sonde, String way, int spans) {
    await(spans + " spans " + way)
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(
                        metrics(sonde)
                            .sum("sonde_stage_" + way + "_total", "stage", "export_traces"))
                    .isEqualTo(spans));
  }

  /** Until so many spans came in, and those that were still to be made a request of are queued. */
  private static void awaitEncoded(Sonde sonde, int spans) {
    awaitStage(sonde, "in", spans);
    AtomicLong before = new AtomicLong(-1);
    await("the queue to grow no more")
        .during(Duration.ofMillis(1500)) // longer than spans are collected for a request
        .atMost(PATIENCE)
        .until(
            () -> {
              long now = (long) queuedBytes(sonde);
              return before.getAndSet(now) == now;
            });
  }

  private static void awaitQueued(Sonde sonde, int bytes) {
    await("something in the queue").atMost(PATIENCE).until(() -> queuedBytes(sonde) >= bytes);
  }

  private static double queuedBytes(Sonde sonde) {
    return metrics(sonde).sum("otelcol_exporter_queue_size", "data_type", "traces");
  }

  private static double lost(Sonde sonde, String cause) {
    return metrics(sonde).named("sonde_stage_lost_total").stream()
        .filter(sample -> sample.has("stage", "export_traces") && sample.has("cause", cause))
        .mapToDouble(Samples.Sample::value)
        .sum();
  }

  private static Samples metrics(Sonde sonde) {
    try {
      return sonde.metrics();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static long longestGap(List<Integer> sorted) {
    return IntStream.range(0, sorted.size())
        .map(i -> sorted.get(i) - (i == 0 ? 0 : sorted.get(i - 1)) - 1)
        .max()
        .orElse(0);
  }
}
