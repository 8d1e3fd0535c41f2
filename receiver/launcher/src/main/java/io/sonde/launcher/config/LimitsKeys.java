package io.sonde.launcher.config;

import static io.sonde.launcher.config.EnvironmentVariable.sonde;

import java.util.List;

/** What one service can take of what costs memory here and money elsewhere. */
final class LimitsKeys {
  static final Option<Integer> SERIES =
      Option.of(
          "limits.series_per_service",
          NumberTypes.number(1, 4000),
          "2000", // as the OpenTelemetry SDK's limit per instrument
          "Metric series of a service in each instrument. Beyond, requests are counted in one series"
              + " with otel.metric.overflow=true. All services together have 4000.",
          sonde("SERIES_PER_SERVICE"));

  static final Option<Integer> ROUTES =
      Option.of(
          "limits.routes_per_service",
          NumberTypes.number(1, 10_000),
          "500",
          "Different routes of a service, of requests it answers and as many of those it makes, as"
              + " long as Sonde runs; routes.patterns are not counted. Beyond, the route is /**. Those"
              + " that only 4xx were ever answered to get at most a quarter. And as many methods of"
              + " gRPC; beyond, rpc.method is _OTHER, and those that were never answered but with"
              + " UNIMPLEMENTED get at most a quarter.",
          sonde("ROUTES_PER_SERVICE"));

  static final Option<Integer> SPAN_NAMES =
      Option.of(
          "limits.span_names_per_service",
          NumberTypes.number(1, 100_000),
          "1000",
          "Different span names (method and route) of a service, as long as Sonde runs. Beyond, a span"
              + " is named by its method alone; its http.route stays.",
          sonde("SPAN_NAMES_PER_SERVICE"));

  /** In the order of the reference file. */
  static final List<Option<?>> ALL = List.of(SERIES, ROUTES, SPAN_NAMES);

  private LimitsKeys() {}
}
