package io.sonde.launcher.companion;

import static io.sonde.launcher.companion.AlloyText.quoted;

import java.util.ArrayList;
import java.util.List;

/**
 * Prints an {@link Intake} for Grafana Alloy: plain components without the module of alloy-config,
 * so that the text can be used as it is. Secrets and the addresses of back ends come from Alloy's
 * environment.
 */
final class AlloyConfiguration {
  private static final String BATCH = "[otelcol.processor.batch.sonde.input]";
  private static final String TEMPO = "[otelcol.exporter.otlphttp.tempo.input]";
  private static final String MIMIR_BY_OTLP = "[otelcol.exporter.prometheus.mimir.input]";
  private static final String MIMIR = "[prometheus.remote_write.mimir.receiver]";

  private final AlloyText text = new AlloyText();
  private final Intake intake;

  private AlloyConfiguration(Intake intake) {
    this.intake = intake;
  }

  static String of(Intake intake) {
    return new AlloyConfiguration(intake).print();
  }

  private String print() {
    text.comment("Receives what this Sonde sends. Printed by: sonde alloy");
    text.comment("In Alloy's environment: " + String.join(", ", variables()));
    intake.remarks().forEach(text::comment);
    intake.listeners().forEach(this::receiver);
    intake.scrape().ifPresent(this::scrape);
    if (!intake.listeners().isEmpty()) {
      batch();
    }
    exporters();
    return text.toString();
  }

  private List<String> variables() {
    List<String> names = new ArrayList<>();
    if (intake.traces()) {
      names.add("TEMPO_ENDPOINT (OTLP over HTTP)");
    }
    if (intake.metrics()) {
      names.add("MIMIR_ENDPOINT (remote write)");
    }
    names.addAll(intake.secrets());
    return names;
  }

  private void receiver(Listener listener) {
    auth(listener);
    text.open("otelcol.receiver.otlp", listener.name()).open(listener.protocol().block);
    text.set("endpoint", quoted(listener.address().endpoint()));
    if (listener.address().unix()) {
      text.set("transport", quoted(Listener.Address.UNIX));
    }
    listener.paths().forEach((name, path) -> text.set(name, quoted(path)));
    if (listener.auth() != Listener.Auth.NONE) {
      text.set(
          "auth", "otelcol.auth." + listener.auth().word() + "." + listener.name() + ".handler");
    }
    if (listener.tls()) {
      text.open("tls")
          .set("cert_file", env(Listener.CERT_FILE))
          .set("key_file", env(Listener.KEY_FILE));
      if (listener.clientCertificate()) {
        text.set("client_ca_file", env(Listener.CLIENT_CA_FILE));
      }
      text.close();
    }
    text.close();
    output(listener.traces(), BATCH, listener.metrics(), BATCH);
    text.close();
  }

  private void auth(Listener listener) {
    switch (listener.auth()) {
      case NONE -> {}
      case BASIC ->
          text.open("otelcol.auth.basic", listener.name())
              .set("username", env(Listener.USER))
              .set("password", env(Listener.PASSWORD))
              .close();
      case BEARER ->
          text.open("otelcol.auth.bearer", listener.name())
              .set("token", env(Listener.TOKEN))
              .close();
    }
  }

  /** The job and instance of a series are the observed service's, hence honor_labels. */
  private void scrape(Intake.Scrape scrape) {
    text.open("prometheus.scrape", "sonde")
        .set(
            "targets",
            "[{__address__ = "
                + quoted(scrape.address())
                + ", __metrics_path__ = "
                + quoted(scrape.path())
                + ", job = \"sonde\", instance = constants.hostname}]")
        .set("forward_to", MIMIR)
        .set("honor_labels", "true")
        .set("scrape_interval", quoted(scrape.interval()))
        .set("scrape_timeout", quoted(scrape.interval()))
        .close();
  }

  private void batch() {
    text.open("otelcol.processor.batch", "sonde");
    output(intake.traces(), TEMPO, intake.pushedMetrics(), MIMIR_BY_OTLP);
    text.close();
  }

  private void exporters() {
    if (intake.traces()) {
      text.open("otelcol.exporter.otlphttp", "tempo")
          .open("client")
          .set("endpoint", env("TEMPO_ENDPOINT"))
          .close()
          .close();
    }
    if (intake.pushedMetrics()) {
      text.open("otelcol.exporter.prometheus", "mimir").set("forward_to", MIMIR).close();
    }
    if (intake.metrics()) {
      text.open("prometheus.remote_write", "mimir")
          .open("endpoint")
          .set("url", env("MIMIR_ENDPOINT"))
          .close()
          .close();
    }
  }

  private void output(boolean traces, String tracesTo, boolean metrics, String metricsTo) {
    text.open("output");
    if (traces) {
      text.set("traces", tracesTo);
    }
    if (metrics) {
      text.set("metrics", metricsTo);
    }
    text.close();
  }

  private static String env(String name) {
    return "sys.env(" + quoted(name) + ")";
  }
}
