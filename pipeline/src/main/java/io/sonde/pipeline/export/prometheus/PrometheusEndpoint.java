package io.sonde.pipeline.export.prometheus;

import com.sun.net.httpserver.HttpExchange;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusProtobufWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.sonde.pipeline.PipelineConfig;
import io.sonde.pipeline.accounting.SelfMetric;
import io.sonde.pipeline.export.BoundedHttpServer;
import io.sonde.pipeline.metrics.MetricStore;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Serves one page over HTTP, made anew for every scrape. Text format 0.0.4; OpenMetrics 1.0 for
 * those who accept it; and for those who accept it, protobuf, which alone has native histograms.
 */
public final class PrometheusEndpoint implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(PrometheusEndpoint.class.getName());

  private final String path;
  private final MetricStore store;
  private final Supplier<List<SelfMetric>> self;
  private final ExpositionFormatWriter text = PrometheusTextFormatWriter.create();
  private final ExpositionFormatWriter openMetrics;
  private final ExpositionFormatWriter protobuf = new PrometheusProtobufWriter();
  private final BoundedHttpServer server;

  /**
   * Listens and serves.
   *
   * @param self Sonde's own metrics; none when it gives an empty list
   * @throws IOException with a message for the user that names the address
   */
  public PrometheusEndpoint(
      PipelineConfig.Prometheus config, MetricStore store, Supplier<List<SelfMetric>> self)
      throws IOException {
    this.path = config.path();
    this.store = store;
    this.self = self;
    this.openMetrics =
        OpenMetricsTextFormatWriter.builder()
            .setCreatedTimestampsEnabled(config.createdSamples())
            .build();
    this.server =
        BoundedHttpServer.start(
            "Prometheus",
            config.host(),
            config.port(),
            "give prometheus_export.host and prometheus_export.port a free address of this host",
            this::answer);
  }

  /** With the real port when any free one was asked for. */
  public InetSocketAddress address() {
    return server.address();
  }

  @Override
  public void close() {
    server.close();
  }

  private void answer(HttpExchange request) throws IOException {
    try (request) {
      if (!path.equals(request.getRequestURI().getPath())) {
        request.sendResponseHeaders(404, -1);
      } else if (!request.getRequestMethod().equals("GET")) {
        request.getResponseHeaders().set("Allow", "GET");
        request.sendResponseHeaders(405, -1);
      } else {
        sendPage(request);
      }
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "The Prometheus page could not be made. This is a defect.", e);
      throw e;
    }
  }

  private void sendPage(HttpExchange request) throws IOException {
    ExpositionFormatWriter writer = accepted(request.getRequestHeaders().getFirst("Accept"));
    MetricSnapshots page = snapshots();
    request.getResponseHeaders().set("Content-Type", writer.getContentType());
    // Chunked: the text of many series is much larger than what it is made from.
    request.sendResponseHeaders(200, 0);
    writer.write(request.getResponseBody(), page);
  }

  /** The richest that is accepted: Prometheus asks for protobuf only if it wants what that has. */
  private ExpositionFormatWriter accepted(String acceptHeader) {
    if (acceptHeader == null) {
      return text;
    }
    return protobuf.accepts(acceptHeader)
        ? protobuf
        : openMetrics.accepts(acceptHeader) ? openMetrics : text;
  }

  private MetricSnapshots snapshots() {
    long nowUnixNs = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    List<MetricSnapshot> all = new ArrayList<>(ServicePage.snapshots(store.collect(nowUnixNs)));
    all.addAll(SelfPage.snapshots(self.get()));
    return new MetricSnapshots(all);
  }
}
