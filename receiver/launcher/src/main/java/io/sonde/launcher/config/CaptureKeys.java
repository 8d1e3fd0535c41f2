package io.sonde.launcher.config;

import static io.sonde.launcher.config.EnvironmentVariable.beyla;

import java.util.List;

/** Sizes of the privileged half, and its host. */
final class CaptureKeys {
  /** What the capture process accepts: a turn is never captured to more than this. */
  private static final int MAX_CAPTURE = 8192;

  static final Option<Integer> REQUEST_BYTES =
      Option.of(
          "capture.request_bytes",
          NumberTypes.number(64, MAX_CAPTURE),
          "4096",
          "Bytes captured of each request: enough for its head, the body is only counted.");

  static final Option<Integer> RESPONSE_BYTES =
      Option.of(
          "capture.response_bytes",
          NumberTypes.number(64, MAX_CAPTURE),
          "1024",
          "Bytes captured of each response.");

  static final Option<Integer> RING_BYTES =
      Option.of(
          "capture.ring_bytes",
          NumberTypes.powerOfTwo(1 << 16, 1 << 28),
          "4194304",
          "Size of the ring buffer between kernel and capture process; counts twice in its"
              + " resident memory.");

  static final Option<Integer> MAX_CONNECTIONS =
      Option.of(
          "capture.max_connections",
          NumberTypes.number(1, 10_000_000),
          "65536",
          "Connections observed at a time; those beyond are counted, not observed.");

  static final Option<String> HOSTNAME =
      Option.of(
          "capture.hostname",
          TextTypes.TEXT,
          "\"\"",
          "Name of the host in host.name and service.instance.id; empty: as the capture process sees"
              + " it, which in a container is the container's.",
          beyla("HOSTNAME"));

  /** In the order of the reference file. */
  static final List<Option<?>> ALL =
      List.of(REQUEST_BYTES, RESPONSE_BYTES, RING_BYTES, MAX_CONNECTIONS, HOSTNAME);

  private CaptureKeys() {}
}
