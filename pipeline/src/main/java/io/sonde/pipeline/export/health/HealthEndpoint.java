package io.sonde.pipeline.export.health;

import com.sun.net.httpserver.HttpExchange;
import io.sonde.pipeline.PipelineConfig;
import io.sonde.pipeline.export.BoundedHttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Serves, to any method, as the extension does:
 *
 * <ul>
 *   <li>the configured path, and Beyla's {@code /healthz}: 200 while Sonde runs, 503 once it is
 *       ending
 *   <li>{@code /ready}: 503 also until a capture is connected and while an endpoint refuses what is
 *       sent for good
 *   <li>{@code /status}: every component with what is wrong with it; 503 while starting or ending,
 *       500 with a permanent error
 * </ul>
 */
public final class HealthEndpoint implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(HealthEndpoint.class.getName());
  private static final String BEYLAS_PATH = "/healthz";
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int UNAVAILABLE = 503;

  private final Health health;
  private final String path;
  private final BoundedHttpServer server;

  /**
   * Listens and serves.
   *
   * @throws IOException with a message for the user that names the address
   */
  public HealthEndpoint(PipelineConfig.Health config, Health health) throws IOException {
    this.health = health;
    this.path = config.path();
    this.server =
        BoundedHttpServer.start(
            "health checks",
            config.host(),
            config.port(),
            "give health_check.listen_address and health_check.port a free address of this host",
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
      String asked = request.getRequestURI().getPath();
      if (path.equals(asked) || BEYLAS_PATH.equals(asked)) {
        boolean available = !health.isStopping();
        byte[] body = HealthJson.availability(available, health.started(), Instant.now());
        send(request, available ? OK : UNAVAILABLE, body);
      } else if ("/ready".equals(asked)) {
        send(request, health.isReady() ? OK : UNAVAILABLE, statusBody(health.status()));
      } else if ("/status".equals(asked)) {
        ComponentStatus status = health.status();
        send(request, status.status().httpCode(), statusBody(status));
      } else {
        request.sendResponseHeaders(NOT_FOUND, -1);
      }
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "A health check could not be answered. This is a defect.", e);
      throw e;
    }
  }

  private byte[] statusBody(ComponentStatus status) {
    return HealthJson.status(status, health.started());
  }

  private static void send(HttpExchange request, int code, byte[] body) throws IOException {
    request.getResponseHeaders().set("Content-Type", "application/json");
    if ("HEAD".equals(request.getRequestMethod())) {
      request.sendResponseHeaders(code, -1);
    } else {
      request.sendResponseHeaders(code, body.length);
      request.getResponseBody().write(body);
    }
  }
}
