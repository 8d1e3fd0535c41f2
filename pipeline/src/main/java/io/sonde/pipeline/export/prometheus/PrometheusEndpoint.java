package io.sonde.pipeline.export.prometheus;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.sonde.pipeline.PipelineConfig;
import io.sonde.pipeline.accounting.SelfMetrics;
import io.sonde.pipeline.metrics.MetricStore;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Serves one page over HTTP, made anew for every scrape. Text format 0.0.4, or OpenMetrics 1.0 for
 * those who accept it.
 */
public final class PrometheusEndpoint implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(PrometheusEndpoint.class.getName());

  private static final int THREADS = 2;
  private static final int WAITING = 32;

  static {
    // A client gets so many seconds to say its request and to take the answer, so that slow ones
    // cannot hold all threads for ever. The JDK's server can be told only in this way.
    setDefault("sun.net.httpserver.maxReqTime", "5");
    setDefault("sun.net.httpserver.maxRspTime", "10");
  }

  private final HttpServer server;
  private final ExecutorService threads;
  private final String path;
  private final MetricStore store;
  private final SelfMetrics self;
  private final ExpositionFormatWriter text = PrometheusTextFormatWriter.create();
  private final ExpositionFormatWriter openMetrics = OpenMetricsTextFormatWriter.create();

  private PrometheusEndpoint(HttpServer server, String path, MetricStore store, SelfMetrics self) {
    this.server = server;
    this.path = path;
    this.store = store;
    this.self = self;
    // When as many wait as may, the JDK's server closes further connections.
    this.threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            task -> new Thread(task, "sonde-prometheus"));
  }

  /**
   * Listens and serves.
   *
   * @throws IOException with a message for the user that names the address
   */
  public static PrometheusEndpoint start(
      PipelineConfig.Prometheus config, MetricStore store, SelfMetrics self) throws IOException {
    HttpServer server;
    try {
      server = HttpServer.create(new InetSocketAddress(config.host(), config.port()), 0);
    } catch (IOException | UnresolvedAddressException e) {
      throw cannotListen(config, e);
    }
    PrometheusEndpoint endpoint = new PrometheusEndpoint(server, config.path(), store, self);
    server.setExecutor(endpoint.threads);
    server.createContext("/", endpoint::answer);
    server.start();
    return endpoint;
  }

  /** With the real port when any free one was asked for. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
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
    ExpositionFormatWriter writer =
        openMetrics.accepts(request.getRequestHeaders().getFirst("Accept")) ? openMetrics : text;
    MetricSnapshots page = snapshots();
    request.getResponseHeaders().set("Content-Type", writer.getContentType());
    // Chunked: the text of many series is much larger than what it is made from.
    request.sendResponseHeaders(200, 0);
    writer.write(request.getResponseBody(), page);
  }

  private MetricSnapshots snapshots() {
    long nowUnixNs = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    List<MetricSnapshot> all = new ArrayList<>(ServicePage.snapshots(store.collect(nowUnixNs)));
    all.addAll(SelfPage.snapshots(self));
    return new MetricSnapshots(all);
  }

  private static IOException cannotListen(PipelineConfig.Prometheus config, Exception cause) {
    String message =
        "cannot listen on "
            + config.host()
            + ":"
            + config.port()
            + " for Prometheus ("
            + (cause.getMessage() == null ? "the host is unknown" : cause.getMessage())
            + "): give prometheus_export.host and prometheus_export.port a free address of this"
            + " host";
    IOException told = new BindException(message);
    told.initCause(cause);
    return told;
  }

  private static void setDefault(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
