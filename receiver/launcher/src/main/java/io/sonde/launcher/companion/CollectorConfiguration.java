package io.sonde.launcher.companion;

import java.util.ArrayList;
import java.util.List;

/**
 * Prints an {@link Intake} for the OpenTelemetry Collector: a whole file. Secrets and the addresses
 * of back ends come from the Collector's environment.
 */
final class CollectorConfiguration {
  private final StringBuilder out = new StringBuilder();
  private final Intake intake;

  private CollectorConfiguration(Intake intake) {
    this.intake = intake;
  }

  static String of(Intake intake) {
    return new CollectorConfiguration(intake).print();
  }

  private String print() {
    line(0, "# Receives what this Sonde sends. Printed by: sonde collector");
    line(0, "# In the Collector's environment: " + String.join(", ", variables()));
    intake.remarks().forEach(remark -> line(0, "# " + remark));
    extensions();
    line(0, "receivers:");
    intake.listeners().forEach(this::receiver);
    intake.scrape().ifPresent(this::scrape);
    line(0, "exporters:");
    if (intake.traces()) {
      exporter("traces", "TRACES_ENDPOINT");
    }
    if (intake.metrics()) {
      exporter("metrics", "METRICS_ENDPOINT");
    }
    service();
    return out.toString();
  }

  private List<String> variables() {
    List<String> names = new ArrayList<>();
    if (intake.traces()) {
      names.add("TRACES_ENDPOINT");
    }
    if (intake.metrics()) {
      names.add("METRICS_ENDPOINT");
    }
    String both = String.join(" and ", names);
    List<String> all = new ArrayList<>(List.of(both + " (OTLP over HTTP, without /v1/…)"));
    all.addAll(intake.secrets());
    return all;
  }

  private void extensions() {
    List<Listener> authenticated = authenticated();
    if (!authenticated.isEmpty()) {
      line(0, "extensions:");
    }
    for (Listener listener : authenticated) {
      line(1, authenticator(listener) + ":");
      if (listener.auth() == Listener.Auth.BASIC) {
        line(2, "htpasswd:");
        line(3, "inline: \"" + env(Listener.USER) + ":" + env(Listener.PASSWORD) + '"');
      } else {
        line(2, "token: " + env(Listener.TOKEN));
      }
    }
  }

  private void receiver(Listener listener) {
    line(1, "otlp/" + listener.name() + ":");
    line(2, "protocols:");
    line(3, listener.protocol().block + ":");
    line(4, "endpoint: " + quoted(listener.address().endpoint()));
    if (listener.address().unix()) {
      line(4, "transport: " + Listener.Address.UNIX);
    }
    listener.paths().forEach((name, path) -> line(4, name + ": " + quoted(path)));
    if (listener.auth() != Listener.Auth.NONE) {
      line(4, "auth:");
      line(5, "authenticator: " + authenticator(listener));
    }
    if (listener.tls()) {
      line(4, "tls:");
      line(5, "cert_file: " + env(Listener.CERT_FILE));
      line(5, "key_file: " + env(Listener.KEY_FILE));
      if (listener.clientCertificate()) {
        line(5, "client_ca_file: " + env(Listener.CLIENT_CA_FILE));
      }
    }
  }

  /** The job and instance of a series are the observed service's, hence honor_labels. */
  private void scrape(Intake.Scrape scrape) {
    line(1, "prometheus/sonde:");
    line(2, "config:");
    line(3, "scrape_configs:");
    line(4, "- job_name: sonde");
    line(5, "honor_labels: true");
    line(5, "metrics_path: " + quoted(scrape.path()));
    line(5, "scrape_interval: " + scrape.interval());
    line(5, "scrape_timeout: " + scrape.interval());
    line(5, "static_configs:");
    line(6, "- targets: [" + quoted(scrape.address()) + "]");
  }

  private void exporter(String signal, String variable) {
    line(1, "otlphttp/" + signal + ":");
    line(2, "endpoint: " + env(variable));
  }

  private void service() {
    line(0, "service:");
    List<Listener> authenticated = authenticated();
    if (!authenticated.isEmpty()) {
      line(
          1,
          "extensions: ["
              + String.join(
                  ", ", authenticated.stream().map(CollectorConfiguration::authenticator).toList())
              + "]");
    }
    line(1, "pipelines:");
    if (intake.traces()) {
      pipeline("traces", names(intake.listeners().stream().filter(Listener::traces).toList()));
    }
    if (intake.metrics()) {
      List<String> receivers =
          new ArrayList<>(names(intake.listeners().stream().filter(Listener::metrics).toList()));
      intake.scrape().ifPresent(scrape -> receivers.add("prometheus/sonde"));
      pipeline("metrics", receivers);
    }
  }

  private void pipeline(String signal, List<String> receivers) {
    line(2, signal + ":");
    line(3, "receivers: [" + String.join(", ", receivers) + "]");
    line(3, "exporters: [otlphttp/" + signal + "]");
  }

  private static List<String> names(List<Listener> listeners) {
    return listeners.stream().map(listener -> "otlp/" + listener.name()).toList();
  }

  private List<Listener> authenticated() {
    return intake.listeners().stream().filter(l -> l.auth() != Listener.Auth.NONE).toList();
  }

  private static String authenticator(Listener listener) {
    return (listener.auth() == Listener.Auth.BASIC ? "basicauth/" : "bearertokenauth/")
        + listener.name();
  }

  /** The Collector replaces ${…} in any text; $$ is a dollar. */
  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("$", "$$") + '"';
  }

  private static String env(String name) {
    return "${env:" + name + "}";
  }

  private void line(int depth, String text) {
    out.append("  ".repeat(depth)).append(text).append('\n');
  }
}
