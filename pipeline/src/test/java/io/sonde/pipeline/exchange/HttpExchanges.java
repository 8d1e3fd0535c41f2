package io.sonde.pipeline.exchange;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.resources.Resource;
import io.sonde.pipeline.event.ConnectionOpened;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.identity.Service;
import io.sonde.pipeline.identity.ServiceOverrides;
import java.net.InetSocketAddress;
import java.util.Set;

/** An exchange with every field set, to be varied by tests. */
public final class HttpExchanges {
  public static final long MS = 1_000_000;

  private Role role = Role.SERVER;
  private String scheme = "http";
  private int serverPort = 8080;
  private String method = "GET";
  private String path = "/hello";
  private String query;
  private int status = 200;
  private long requestBytes = 0;
  private long responseBytes = 5;
  private String errorType;
  private long queuedNs = 2 * MS;
  private String requestContentType;
  private String traceParent;
  private String traceState;
  private ThreadEvidence threads;
  private long arrivedNs = 1000 * MS;
  private String route;
  private boolean pathCut;
  private Service service = service("shop", 42);

  public static HttpExchanges exchange() {
    return new HttpExchanges();
  }

  public static Service service(String name, int pid) {
    return service(name, pid, ServiceOverrides.NONE);
  }

  public static Service service(String name, int pid, ServiceOverrides overrides) {
    return new Service(
        name,
        "",
        "go",
        "myhost",
        pid,
        Resource.create(
            Attributes.builder().put("service.name", name).put("host.name", "myhost").build()),
        overrides);
  }

  public HttpExchanges role(Role value) {
    role = value;
    return this;
  }

  public HttpExchanges to(String itsScheme, int port) {
    scheme = itsScheme;
    serverPort = port;
    return this;
  }

  public HttpExchanges method(String value) {
    method = value;
    return this;
  }

  public HttpExchanges target(String newPath, String newQuery) {
    path = newPath;
    query = newQuery;
    return this;
  }

  public HttpExchanges status(int value, String error) {
    status = value;
    errorType = error;
    return this;
  }

  public HttpExchanges sizes(long request, long response) {
    requestBytes = request;
    responseBytes = response;
    return this;
  }

  public HttpExchanges contentType(String value) {
    requestContentType = value;
    return this;
  }

  public HttpExchanges trace(String parent, String state) {
    traceParent = parent;
    traceState = state;
    return this;
  }

  public HttpExchanges threads(ThreadEvidence value) {
    threads = value;
    return this;
  }

  /** Monotonic; when none is given, 1 s. */
  public HttpExchanges arrivedAt(long ns) {
    arrivedNs = ns;
    return this;
  }

  public HttpExchanges route(String value) {
    route = value;
    return this;
  }

  /** The end of its path was not captured. */
  public HttpExchanges pathCut() {
    pathCut = true;
    return this;
  }

  public HttpExchanges queued(long ns) {
    queuedNs = ns;
    return this;
  }

  public HttpExchanges by(Service value) {
    service = value;
    return this;
  }

  /**
   * Arrived at 1 s of the monotonic clock (epoch second 1,000,000,001) if not told otherwise, took
   * 10 ms after the queue.
   */
  public HttpExchange build() {
    long arrived = arrivedNs;
    HttpExchange built =
        new HttpExchange(
            service,
            new ConnectionOpened(
                7,
                1,
                1,
                new InetSocketAddress("127.0.0.1", role == Role.SERVER ? 8080 : 45424),
                new InetSocketAddress("10.0.0.9", role == Role.SERVER ? 45424 : 8080),
                role,
                false),
            role,
            new Timing(
                arrived,
                arrived + queuedNs,
                arrived + queuedNs + 10 * MS,
                1_000_000_000_000_000_000L),
            77,
            threads,
            method,
            path,
            query,
            null,
            null,
            scheme,
            "shop.example",
            serverPort,
            "1.1",
            status,
            requestBytes,
            responseBytes,
            "curl/8",
            requestContentType,
            traceParent,
            traceState,
            pathCut,
            pathCut,
            Set.of(),
            errorType);
    String named = built.hasKnownMethod() ? method : "HTTP";
    return built.routed(route, route == null ? named : named + " " + route, Set.of());
  }
}
