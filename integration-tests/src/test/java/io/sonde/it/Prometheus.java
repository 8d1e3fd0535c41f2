package io.sonde.it;

import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A Prometheus: Debian's, which scrapes, or the newest that can be built, which is written to. */
final class Prometheus implements AutoCloseable {
  record Series(Map<String, String> labels, double value) {}

  /**
   * @param of labels of its series
   * @param labels its own: {@code trace_id}, {@code span_id}
   */
  record Exemplar(Map<String, String> of, Map<String, String> labels, double value) {}

  private static final String KEEP_EXEMPLARS = "--enable-feature=exemplar-storage";

  private final Program program;
  private final String url;

  private Prometheus(Program program, String url) {
    this.program = program;
    this.url = url;
  }

  static Prometheus scraping(Path folder, int targetPort) {
    return start(
        folder,
        "/usr/bin/prometheus",
        """
        scrape_configs:
          - job_name: sonde
            honor_labels: true # job and instance are the observed service's
            scrape_interval: 1s
            static_configs: [{targets: ["127.0.0.1:%d"]}]
        """
            .formatted(targetPort),
        KEEP_EXEMPLARS);
  }

  /** A later one than Debian's, told to take native histograms. */
  static Prometheus scrapingNative(Path folder, int targetPort) {
    return start(
        folder,
        GoModules.prometheus(),
        """
        scrape_configs:
          - job_name: sonde
            honor_labels: true
            scrape_native_histograms: true
            scrape_interval: 1s
            static_configs: [{targets: ["127.0.0.1:%d"]}]
        """
            .formatted(targetPort));
  }

  /** One that takes OTLP and remote write, and keeps exemplars. */
  static Prometheus receiving(Path folder) {
    return start(
        folder,
        GoModules.prometheus(),
        "",
        "--web.enable-otlp-receiver",
        "--web.enable-remote-write-receiver",
        KEEP_EXEMPLARS);
  }

  private static Prometheus start(
      Path folder, String binary, String configuration, String... flags) {
    try {
      Path home = Files.createTempDirectory(folder, "prometheus");
      Path config = Files.writeString(home.resolve("prometheus.yml"), configuration);
      int port = Ports.free();
      List<String> command = new ArrayList<>(List.of(binary, "--config.file=" + config));
      command.add("--storage.tsdb.path=" + home.resolve("tsdb"));
      command.add("--web.listen-address=127.0.0.1:" + port);
      command.addAll(List.of(flags));
      Program program = Program.start("prometheus", home, command);
      program.awaitLine("ready to receive web requests");
      return new Prometheus(program, "http://127.0.0.1:" + port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String url() {
    return url;
  }

  /**
   * @return value of the single series the query gives; NaN when there is none
   */
  double query(String promql) throws IOException, InterruptedException {
    List<Series> result = series(promql);
    if (result.size() > 1) {
      throw new IllegalStateException(promql + " gives more than one series: " + result);
    }
    return result.isEmpty() ? Double.NaN : result.get(0).value();
  }

  /** All series of an instant query. */
  List<Series> series(String promql) throws IOException, InterruptedException {
    return JsonParser.parseString(Http.get(url + "/api/v1/query?query=" + encoded(promql)).body())
        .getAsJsonObject()
        .getAsJsonObject("data")
        .getAsJsonArray("result")
        .asList()
        .stream()
        .map(JsonElement::getAsJsonObject)
        .map(
            one ->
                new Series(
                    labels(one.getAsJsonObject("metric")),
                    one.getAsJsonArray("value").get(1).getAsDouble()))
        .toList();
  }

  /** The exemplars of the last hour of all series that the query selects. */
  List<Exemplar> exemplars(String promql) throws IOException, InterruptedException {
    Instant now = Instant.now();
    String page =
        String.format(
            "%s/api/v1/query_exemplars?query=%s&start=%d&end=%d",
            url,
            encoded(promql),
            now.minus(Duration.ofHours(1)).getEpochSecond(),
            now.plus(Duration.ofHours(1)).getEpochSecond());
    return JsonParser.parseString(Http.get(page).body())
        .getAsJsonObject()
        .getAsJsonArray("data")
        .asList()
        .stream()
        .map(JsonElement::getAsJsonObject)
        .flatMap(
            series ->
                series.getAsJsonArray("exemplars").asList().stream()
                    .map(JsonElement::getAsJsonObject)
                    .map(
                        one ->
                            new Exemplar(
                                labels(series.getAsJsonObject("seriesLabels")),
                                labels(one.getAsJsonObject("labels")),
                                one.get("value").getAsDouble())))
        .toList();
  }

  private static Map<String, String> labels(JsonObject json) {
    Map<String, String> labels = new HashMap<>();
    json.entrySet().forEach(label -> labels.put(label.getKey(), label.getValue().getAsString()));
    return labels;
  }

  private static String encoded(String promql) {
    return URLEncoder.encode(promql, StandardCharsets.UTF_8);
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
