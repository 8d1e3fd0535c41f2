package io.sonde.pipeline.export.prometheus;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;

import io.sonde.pipeline.MetricsConfig;
import io.sonde.pipeline.PipelineConfig;
import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.accounting.Folding;
import io.sonde.pipeline.metrics.MetricStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The endpoint in a JVM of its own, as in production: the JDK's server reads its time limits once
 * per JVM, and here another test may have made it do so already.
 */
class StuckClientsTest {
  /** More than there are threads and places to wait. */
  private static final int STUCK = 40;

  /** The JVM with the endpoint: says its port, ends with its standard input. */
  public static void main(String[] args) throws IOException {
    try (PrometheusEndpoint endpoint =
        new PrometheusEndpoint(
            new PipelineConfig.Prometheus("127.0.0.1", 0, "/metrics", false),
            new MetricStore(1, MetricsConfig.DEFAULT, new Account("metrics"), new Folding()),
            List::of)) {
      System.out.println(endpoint.address().getPort());
      System.in.transferTo(System.err);
    }
  }

  @Test
  void theyHoldUpOthersOnlyForALimitedTime() throws Exception {
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                StuckClientsTest.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<Socket> stuck = new ArrayList<>();
    try (BufferedReader said = jvm.inputReader()) {
      int port = Integer.parseInt(said.readLine());
      for (int i = 0; i < STUCK; i++) {
        Socket socket = new Socket("127.0.0.1", port);
        stuck.add(socket);
        socket.getOutputStream().write("GET /metr".getBytes(US_ASCII));
      }
      HttpRequest scrape =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
              .timeout(Duration.ofSeconds(20))
              .build();
      HttpClient client = HttpClient.newHttpClient();
      await()
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(200))
          .ignoreExceptions()
          .until(() -> client.send(scrape, BodyHandlers.discarding()).statusCode() == 200);
    } finally {
      for (Socket socket : stuck) {
        socket.close();
      }
      jvm.destroy();
    }
  }
}
