package io.sonde.launcher.config;

import java.util.List;
import java.util.stream.Stream;

/** Every key of sonde.conf. Names are Beyla's where Beyla has the thing. */
final class Options {
  /** In the order of the reference file. */
  static final List<Option<?>> ALL =
      Stream.of(
              DiscoveryKeys.ALL,
              OutputKeys.ALL,
              OtlpKeys.ALL,
              MetricsKeys.COMMON,
              ServiceKeys.ALL,
              DecodeKeys.ALL,
              RoutesKeys.ALL,
              LimitsKeys.ALL,
              TraceKeys.ALL,
              SelfKeys.ALL,
              ReloadKeys.ALL,
              CaptureKeys.ALL,
              ReceiverKeys.ALL)
          .flatMap(List::stream)
          .toList();

  private Options() {}
}
