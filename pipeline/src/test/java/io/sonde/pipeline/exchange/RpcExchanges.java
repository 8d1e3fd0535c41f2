package io.sonde.pipeline.exchange;

import io.sonde.pipeline.event.ConnectionOpened;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.identity.Service;
import java.net.InetSocketAddress;
import java.util.Set;

/** A call with every field set, to be varied by tests. */
public final class RpcExchanges {
  private Role role = Role.SERVER;
  private String method = "shop.Cart/Add";
  private int status = GrpcStatus.OK;
  private long requestMessages = 1;
  private long responseMessages = 1;
  private ThreadEvidence threads;
  private String traceParent;
  private long arrivedNs = 1000 * HttpExchanges.MS;
  private Service service = HttpExchanges.service("shop", 42);
  private String serverAddress = "shop.example";

  public static RpcExchanges call() {
    return new RpcExchanges();
  }

  public RpcExchanges role(Role value) {
    role = value;
    return this;
  }

  /** Null: not known. */
  public RpcExchanges method(String value) {
    method = value;
    return this;
  }

  public RpcExchanges status(int value) {
    status = value;
    return this;
  }

  public RpcExchanges messages(long request, long response) {
    requestMessages = request;
    responseMessages = response;
    return this;
  }

  public RpcExchanges threads(ThreadEvidence value) {
    threads = value;
    return this;
  }

  public RpcExchanges traceParent(String value) {
    traceParent = value;
    return this;
  }

  public RpcExchanges to(String address) {
    serverAddress = address;
    return this;
  }

  /** Monotonic; when none is given, 1 s. */
  public RpcExchanges arrivedAt(long ns) {
    arrivedNs = ns;
    return this;
  }

  public RpcExchanges by(Service value) {
    service = value;
    return this;
  }

  /** Took 10 ms, did not wait; 40 bytes were asked and 70 answered. Named by its method. */
  public RpcExchange build() {
    RpcExchange built =
        new RpcExchange(
            service,
            new ConnectionOpened(
                7,
                1,
                1,
                new InetSocketAddress("127.0.0.1", role == Role.SERVER ? 50051 : 45424),
                new InetSocketAddress("10.0.0.9", role == Role.SERVER ? 45424 : 50051),
                role,
                false),
            role,
            new Timing(
                arrivedNs,
                arrivedNs,
                arrivedNs + 10 * HttpExchanges.MS,
                1_000_000_000_000_000_000L),
            77,
            threads,
            RpcExchange.GRPC,
            method,
            null,
            "2",
            status,
            serverAddress,
            50051,
            requestMessages,
            responseMessages,
            40,
            70,
            "grpc-go/1.80.0",
            traceParent,
            null,
            false,
            Set.of(),
            GrpcStatus.errorType(role, status));
    return built.named(method == null ? RpcExchange.GRPC : method, Set.of());
  }
}
