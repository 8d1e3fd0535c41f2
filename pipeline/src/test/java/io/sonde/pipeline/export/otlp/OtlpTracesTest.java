package io.sonde.pipeline.export.otlp;

import static io.sonde.pipeline.exchange.HttpExchanges.exchange;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.sonde.pipeline.Instrumentation;
import io.sonde.pipeline.Naming;
import io.sonde.pipeline.OtlpConfig;
import io.sonde.pipeline.PipelineConfig.SpanBatches;
import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.linking.Linker;
import io.sonde.pipeline.linking.Linkers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * Queue, batches and counting; what is in the requests is looked at by a real Collector in the
 * integration tests.
 */
class OtlpTracesTest {
  private final Account account = new Account("export_traces");

  private static OtlpConfig config(int port) {
    return TestOtlp.http("http://127.0.0.1:" + port + "/v1/traces")
        .headers(Map.of("x-tenant", "blue"))
        .gzip()
        .config();
  }

  private void export(OtlpConfig config, int queue, int exchanges) throws Exception {
    try (OtlpTraces traces = new OtlpTraces(config, SpanBatches.DEFAULT, queue, account)) {
      Linker linker = Linkers.to(Duration.ofSeconds(1), traces);
      for (int i = 0; i < exchanges; i++) {
        linker.accept(exchange().build());
      }
    }
  }

  @Test
  void whatIsQueuedIsExportedBeforeTheEndWithTheConfiguredHeaders() throws Exception {
    AtomicReference<Map<String, List<String>>> headers = new AtomicReference<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/traces",
        request -> {
          headers.set(Map.copyOf(request.getRequestHeaders()));
          request.getRequestBody().readAllBytes();
          request.sendResponseHeaders(200, -1);
          request.close();
        });
    server.start();
    try {
      export(config(server.getAddress().getPort()), 2000, 1300);
    } finally {
      server.stop(0);
    }
    assertThat(account.inTotal()).isEqualTo(1300);
    assertThat(account.outTotal()).isEqualTo(1300);
    assertThat(headers.get())
        .containsEntry("X-tenant", List.of("blue"))
        .containsEntry("Content-encoding", List.of("gzip"))
        .containsEntry("Content-type", List.of("application/x-protobuf"));
  }

  @Test
  void anEndpointThatIsNotThereLosesSpansByCount() throws Exception {
    export(config(freePort()), 100, 23);
    assertThat(account.lostTotal(LossCause.EXPORT_SHUTDOWN)).isEqualTo(23);
    assertThat(account.outTotal()).isZero();
  }

  @Test
  void aFullQueueNeverHoldsThePipelineAndIsCounted() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/traces",
        request -> {
          try {
            answer.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          request.sendResponseHeaders(200, -1);
          request.close();
        });
    server.start();
    try (OtlpTraces traces =
        new OtlpTraces(config(server.getAddress().getPort()), SpanBatches.DEFAULT, 10, account)) {
      Linker linker = Linkers.to(Duration.ofSeconds(1), traces);
      for (int i = 0; i < 5000; i++) {
        linker.accept(exchange().build());
      }
      assertThat(account.lostTotal(LossCause.EXPORT_QUEUE_FULL)).isPositive();
      answer.countDown();
    } finally {
      server.stop(0);
    }
    assertThat(account.inTotal())
        .isEqualTo(
            account.outTotal()
                + account.lostTotal(LossCause.EXPORT_QUEUE_FULL)
                + account.lostTotal(LossCause.EXPORT_SHUTDOWN))
        .isEqualTo(5000);
  }

  /** To encode is dear, and would only push out what is encoded already. */
  @Test
  void nothingIsEncodedWhileTheQueueIsFullAndTheLatestWaitAsTheyAre() throws Exception {
    OtlpConfig away =
        TestOtlp.http("http://127.0.0.1:" + freePort() + "/v1/traces")
            .queue(new OtlpConfig.Queue(Optional.empty(), 1 << 16))
            .config();
    SpanBatches small =
        new SpanBatches(
            20, Duration.ofMillis(10), Set.of(Instrumentation.values()), Naming.DEFAULT);
    int waiting = 3000;
    try (OtlpTraces traces = new OtlpTraces(away, small, waiting, account)) {
      Linker linker = Linkers.to(Duration.ofSeconds(1), traces);
      accept(linker, waiting);
      AtomicLong before = new AtomicLong();
      await("the queue to be full")
          .during(Duration.ofMillis(500))
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> traces.status().queue().items(),
              items -> items > 0 && items == before.getAndSet(items));
      long encoded = traces.status().queue().items();
      assertThat(encoded).isLessThan(waiting);

      accept(linker, 3 * waiting);
      assertThat(traces.status().queue().items()).as("kept, and none added").isEqualTo(encoded);
      assertThat(account.pending()).isEqualTo(encoded + waiting);
      assertThat(account.lostTotal(LossCause.EXPORT_QUEUE_FULL)).isEqualTo(3L * waiting - encoded);
    }
    assertThat(account.pending()).isZero();
  }

  private static void accept(Linker linker, int exchanges) {
    for (int i = 0; i < exchanges; i++) {
      linker.accept(exchange().build());
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
