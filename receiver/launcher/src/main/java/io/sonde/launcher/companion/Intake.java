package io.sonde.launcher.companion;

import io.sonde.pipeline.PipelineConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All that a collector takes in from one Sonde.
 *
 * @param listeners for what Sonde pushes; each signal goes to at most one of them
 * @param scrape where metrics are to be fetched; empty where they are pushed, or there are none
 * @param remarks what the reader of the printed configuration should know, a sentence each
 */
record Intake(List<Listener> listeners, Optional<Scrape> scrape, List<String> remarks) {

  /**
   * @param address host:port
   * @param path begins with a slash
   * @param interval between two scrapes, as both print it: that of pushed metrics
   */
  record Scrape(String address, String path, String interval) {}

  /** Metrics that are pushed are not scraped as well, or every series would come twice. */
  static Intake of(PipelineConfig sonde) {
    List<String> remarks = new ArrayList<>();
    List<Listener> listeners = Listeners.of(sonde, remarks);
    boolean pushed = sonde.otlpMetrics().isPresent();
    if (pushed && sonde.prometheus().isPresent()) {
      remarks.add("Not scraped too: Sonde pushes its metrics, and every series would come twice.");
    }
    return new Intake(
        listeners,
        pushed ? Optional.empty() : sonde.prometheus().map(p -> scrape(p, sonde.metricsInterval())),
        List.copyOf(remarks));
  }

  private static Scrape scrape(PipelineConfig.Prometheus prometheus, Duration interval) {
    return new Scrape(
        reachable(prometheus.host()) + ":" + prometheus.port(), prometheus.path(), text(interval));
  }

  /** Who listens on every address is reached on the loopback one; IPv6 is written in brackets. */
  private static String reachable(String host) {
    return switch (host) {
      case "0.0.0.0" -> "127.0.0.1";
      case "::", "[::]" -> "[::1]";
      default -> host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    };
  }

  private static String text(Duration duration) {
    return duration.toMillisPart() == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
  }

  boolean traces() {
    return listeners.stream().anyMatch(Listener::traces);
  }

  boolean pushedMetrics() {
    return listeners.stream().anyMatch(Listener::metrics);
  }

  boolean metrics() {
    return pushedMetrics() || scrape.isPresent();
  }

  /** Variables that must hold what is not printed. */
  List<String> secrets() {
    List<String> names = new ArrayList<>();
    for (Listener listener : listeners) {
      names.addAll(listener.auth().variables);
      if (listener.tls()) {
        names.add(Listener.CERT_FILE);
        names.add(Listener.KEY_FILE);
      }
      if (listener.tls() && listener.clientCertificate()) {
        names.add(Listener.CLIENT_CA_FILE);
      }
    }
    return names.stream().distinct().toList();
  }
}
