package io.sonde.it;

import static org.awaitility.Awaitility.await;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Debian's Prometheus, scraping one target every second. */
final class Prometheus implements AutoCloseable {
  private final Program program;
  private final String url;

  private Prometheus(Program program, String url) {
    this.program = program;
    this.url = url;
  }

  static Prometheus scraping(Path folder, int targetPort) {
    int port = Ports.free();
    Path config = folder.resolve("prometheus.yml");
    try {
      Files.writeString(
          config,
          """
          scrape_configs:
            - job_name: sonde
              honor_labels: true # job and instance are the observed service's
              scrape_interval: 1s
              static_configs: [{targets: ["127.0.0.1:%d"]}]
          """
              .formatted(targetPort));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Program program =
        Program.start(
            "prometheus",
            folder,
            List.of(
                "/usr/bin/prometheus",
                "--config.file=" + config,
                "--storage.tsdb.path=" + folder.resolve("tsdb"),
                "--web.listen-address=127.0.0.1:" + port));
    program.awaitLine("ready to receive web requests");
    return new Prometheus(program, "http://127.0.0.1:" + port);
  }

  /**
   * @return value of the single series the query gives; NaN when there is none
   */
  double query(String promql) throws IOException, InterruptedException {
    String encoded = URLEncoder.encode(promql, StandardCharsets.UTF_8);
    JsonArray result =
        JsonParser.parseString(Http.get(url + "/api/v1/query?query=" + encoded).body())
            .getAsJsonObject()
            .getAsJsonObject("data")
            .getAsJsonArray("result");
    if (result.size() > 1) {
      throw new IllegalStateException(promql + " gives more than one series: " + result);
    }
    for (JsonElement series : result) {
      return series.getAsJsonObject().getAsJsonArray("value").get(1).getAsDouble();
    }
    return Double.NaN;
  }

  void awaitValue(String promql, double expected) {
    await(promql + " to be " + expected)
        .atMost(Duration.ofSeconds(15))
        .pollInterval(Duration.ofMillis(200))
        .until(() -> query(promql) == expected);
  }

  @Override
  public void close() {
    program.close();
  }
}
