package io.sonde.pipeline.accounting;

import io.sonde.pipeline.event.Direction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * What decoding says besides its account: of exchanges that were told, but not wholly, and of bytes
 * that are not HTTP by agreement. Safe for use by many threads.
 */
public final class DecodeTotals {
  private static final Direction[] DIRECTIONS = Direction.values();
  private static final Tunnel[] TUNNELS = Tunnel.values();
  private static final TlsResult[] TLS_RESULTS = TlsResult.values();
  private static final UnknownField[] UNKNOWN_FIELDS = UnknownField.values();

  private final LongAdder truncated = new LongAdder();
  private final LongAdder[] tls = adders(TLS_RESULTS.length);
  private final LongAdder[] unknown = adders(UNKNOWN_FIELDS.length);
  private final LongAdder[] tunnels = adders(TUNNELS.length);
  private final LongAdder[] tunnelBytes = adders(TUNNELS.length * DIRECTIONS.length);

  /** An exchange was told of whose heads one was longer than what was captured of it. */
  public void truncated() {
    truncated.increment();
  }

  /** A connection or session of TLS had that result. */
  public void tls(TlsResult result) {
    tls[result.ordinal()].increment();
  }

  /** An exchange was told of without it. */
  public void unknown(UnknownField field) {
    unknown[field.ordinal()].increment();
  }

  /** HTTP was left on a connection. */
  public void tunnelOpened(Tunnel tunnel) {
    tunnels[tunnel.ordinal()].increment();
  }

  public void tunnelBytes(Tunnel tunnel, Direction direction, long bytes) {
    tunnelBytes[index(tunnel, direction)].add(bytes);
  }

  /** As they are now; a tunnel is listed once there has been one. */
  List<SelfMetric> collect() {
    Map<Map<String, String>, Double> opened = new LinkedHashMap<>();
    Map<Map<String, String>, Double> bytes = new LinkedHashMap<>();
    for (Tunnel tunnel : TUNNELS) {
      long count = tunnels[tunnel.ordinal()].sum();
      if (count == 0) {
        continue;
      }
      opened.put(Map.of("protocol", tunnel.label()), (double) count);
      for (Direction direction : DIRECTIONS) {
        bytes.put(
            Map.of(
                "protocol",
                tunnel.label(),
                "direction",
                direction == Direction.RX ? "receive" : "transmit"),
            (double) tunnelBytes[index(tunnel, direction)].sum());
      }
    }
    Map<Map<String, String>, Double> byTlsResult = new LinkedHashMap<>();
    for (TlsResult result : TLS_RESULTS) {
      byTlsResult.put(Map.of("result", result.label()), (double) tls[result.ordinal()].sum());
    }
    Map<Map<String, String>, Double> byField = new LinkedHashMap<>();
    for (UnknownField field : UNKNOWN_FIELDS) {
      byField.put(
          Map.of("protocol", field.protocol(), "field", field.field()),
          (double) unknown[field.ordinal()].sum());
    }
    return List.of(
        SelfMetric.counter(
            "sonde_unknown_fields",
            "Exchanges told without what is named: the connection is older than the capture, or a"
                + " part of it was missed, and HTTP/2 refers to what was said before.",
            "",
            byField),
        SelfMetric.counter(
            "sonde_tls_connections",
            "Connections encrypted by TLS. readable: their plaintext is read; unreadable: it was not"
                + " until they ended; unreadable_in_jvm: the same, by Java's own TLS, which cannot be"
                + " read without entering the JVM; unmatched: sessions whose plaintext was read, but"
                + " is of no connection for certain.",
            "",
            byTlsResult),
        SelfMetric.counter(
            "sonde_truncated_exchanges",
            "Exchanges told with what was captured of a head that was longer.",
            "",
            Map.of(Map.of(), (double) truncated.sum())),
        SelfMetric.counter(
            "sonde_tunnels",
            "Connections on which HTTP was left, by Upgrade or CONNECT.",
            "",
            opened),
        SelfMetric.counter("sonde_tunnel", "Bytes on such connections, not read.", "By", bytes));
  }

  private static int index(Tunnel tunnel, Direction direction) {
    return tunnel.ordinal() * DIRECTIONS.length + direction.ordinal();
  }

  private static LongAdder[] adders(int count) {
    LongAdder[] adders = new LongAdder[count];
    for (int i = 0; i < count; i++) {
      adders[i] = new LongAdder();
    }
    return adders;
  }
}
