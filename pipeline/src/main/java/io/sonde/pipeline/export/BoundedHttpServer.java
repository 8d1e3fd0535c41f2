package io.sonde.pipeline.export;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The JDK's server with few threads, few places to wait and a limited time for every client, so
 * that no client takes more than a bounded part of Sonde, nor for ever.
 */
public final class BoundedHttpServer implements AutoCloseable {
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

  private BoundedHttpServer(HttpServer server, String name, HttpHandler handler) {
    this.server = server;
    // When as many wait as may, the JDK's server closes further connections.
    this.threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            task -> new Thread(task, name));
    server.setExecutor(threads);
    server.createContext("/", handler);
  }

  /**
   * Listens and serves.
   *
   * @param purpose ends "cannot listen on host:port for …"
   * @param port 0 for any free one
   * @param remedy what the user can do when the address cannot be had
   * @param handler of every path; called by several threads
   * @throws IOException with a message for the user that names the address
   */
  public static BoundedHttpServer start(
      String purpose, String host, int port, String remedy, HttpHandler handler)
      throws IOException {
    HttpServer server;
    try {
      server = HttpServer.create(new InetSocketAddress(host, port), 0);
    } catch (IOException | UnresolvedAddressException e) {
      String reason = e.getMessage() == null ? "the host is unknown" : e.getMessage();
      IOException told =
          new BindException(
              "cannot listen on %s:%d for %s (%s): %s"
                  .formatted(host, port, purpose, reason, remedy));
      told.initCause(e);
      throw told;
    }
    BoundedHttpServer bounded = new BoundedHttpServer(server, "http for " + purpose, handler);
    server.start();
    return bounded;
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

  private static void setDefault(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
