package io.sonde.pipeline.metrics;

import io.sonde.pipeline.event.CaptureStarted;
import io.sonde.pipeline.event.ProcessStarted;
import io.sonde.pipeline.exchange.HttpExchange;
import io.sonde.pipeline.identity.SdkCoexistence;
import io.sonde.pipeline.identity.Service;
import io.sonde.pipeline.identity.ServiceFactory;
import io.sonde.pipeline.identity.Services;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Real services, and exchanges varied in what metrics look at. */
public final class Observed {
  private Observed() {}

  /** A new object at each call, as after a restart of the capture process. */
  public static Service service(String name, int pid, Map<String, String> environment) {
    Services services =
        new Services(
            new CaptureStarted("ab", "web1", "4f6e", "", "6.18.0", 0, List.of()),
            new ServiceFactory(
                Optional.empty(),
                Map.of(),
                Map.of(),
                new SdkCoexistence(SdkCoexistence.Settings.DEFAULT)));
    services.started(
        new ProcessStarted(
            pid,
            1,
            1,
            0,
            pid,
            "/usr/bin/" + name,
            List.of(name),
            "/",
            "go",
            "",
            "",
            1,
            environment,
            List.of()));
    return services.find(pid);
  }

  public static Service service(String name, int pid) {
    return service(name, pid, Map.of());
  }

  public static HttpExchange withServerAddress(HttpExchange e, String serverAddress) {
    return new HttpExchange(
        e.service(),
        e.connection(),
        e.role(),
        e.timing(),
        e.tid(),
        e.threads(),
        e.method(),
        e.path(),
        e.query(),
        e.route(),
        e.spanName(),
        e.scheme(),
        serverAddress,
        e.serverPort(),
        e.protocolVersion(),
        e.statusCode(),
        e.requestBodyBytes(),
        e.responseBodyBytes(),
        e.userAgent(),
        e.requestContentType(),
        e.traceParent(),
        e.traceState(),
        e.truncated(),
        e.pathCut(),
        e.ignoredFor(),
        e.errorType());
  }
}
