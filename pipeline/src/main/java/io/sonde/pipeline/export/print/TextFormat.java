package io.sonde.pipeline.export.print;

import io.sonde.pipeline.event.IpText;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.Exchange;
import io.sonde.pipeline.exchange.GrpcStatus;
import io.sonde.pipeline.exchange.HttpExchange;
import io.sonde.pipeline.exchange.RpcExchange;
import io.sonde.pipeline.exchange.Timing;
import io.sonde.pipeline.export.GoDuration;
import io.sonde.pipeline.identity.Service;
import io.sonde.pipeline.linking.Trace;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/**
 * Beyla's text line, with right values where Beyla's are wrong: the fraction of the second is one,
 * sizes are those of the bodies, or of the messages of an RPC, and what is not known is a question
 * mark.
 *
 * <pre>
 * time (total[handler]) TYPE(subType=0) status method path(route) [peer as name:port]->[host as name:port]
 * contentLen:NB responseLen:NB svc=[name lang] traceparent=[00-trace-span[parent]-flags]</pre>
 */
final class TextFormat implements TraceFormat {
  private final DateTimeFormatter time =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSSSSS").withZone(ZoneId.systemDefault());

  @Override
  public void write(Trace trace, StringBuilder out) {
    Exchange exchange = trace.exchange();
    Timing timing = exchange.timing();
    time.formatTo(Instant.ofEpochSecond(0, timing.arrivedNs() + timing.realtimeOffsetNs()), out);
    out.append(" (").append(GoDuration.of(timing.durationNs())).append('[');
    out.append(GoDuration.of(timing.endedNs() - timing.startedNs())).append("]) ");
    exchange.match(http -> appendHttp(http, out), rpc -> appendRpc(rpc, out));
    writeEnds(exchange, out);
    out.append(" contentLen:").append(size(exchange.requestBytes()));
    out.append(" responseLen:").append(size(exchange.responseBytes()));
    writeService(exchange.service(), out);
    out.append(" traceparent=[00-").append(trace.traceId()).append('-').append(trace.spanId());
    out.append('[').append(trace.parentSpanId()).append("]-");
    out.append(trace.context().getTraceFlags().asHex()).append(']');
    if (exchange.errorType() != null) {
      out.append(" error=[").append(exchange.errorType()).append(']');
    }
    out.append('\n');
  }

  private static StringBuilder appendHttp(HttpExchange http, StringBuilder out) {
    out.append(http.role() == Role.SERVER ? "HTTP" : "HTTPClient").append("(subType=0) ");
    out.append(http.statusCode()).append(' ');
    Printable.append(out, http.method());
    out.append(' ');
    Printable.append(out, http.path());
    out.append('(');
    Printable.append(out, http.route() == null ? "" : http.route());
    return out.append(") ");
  }

  /** The method stands where the path of its request would; in brackets what the span is called. */
  private static StringBuilder appendRpc(RpcExchange rpc, StringBuilder out) {
    out.append(rpc.role() == Role.SERVER ? "GRPC" : "GRPCClient").append("(subType=0) ");
    if (rpc.statusCode() == GrpcStatus.NONE) {
      out.append('?');
    } else {
      out.append(rpc.statusCode());
    }
    out.append(' ');
    Printable.append(out, rpc.method() == null ? RpcExchange.UNKNOWN_METHOD : "/" + rpc.method());
    out.append('(');
    Printable.append(out, rpc.methodLabel());
    return out.append(") ");
  }

  /** The client's end stands left, the server's right, whichever of them is ours. */
  private static void writeEnds(Exchange exchange, StringBuilder out) {
    InetSocketAddress local = exchange.connection().local();
    InetSocketAddress remote = exchange.connection().remote();
    String name = exchange.service().name();
    if (exchange.role() == Role.SERVER) {
      writeEnd(remote, IpText.of(remote.getAddress()), remote.getPort(), out);
      out.append("->");
      writeEnd(local, name, local.getPort(), out);
    } else {
      writeEnd(local, name, local.getPort(), out);
      out.append("->");
      writeEnd(remote, exchange.serverAddress(), exchange.serverPort(), out);
    }
  }

  private static void writeEnd(InetSocketAddress end, String name, int port, StringBuilder out) {
    out.append('[').append(IpText.of(end.getAddress())).append(" as ");
    Printable.append(out, name);
    out.append(':').append(port).append(']');
  }

  private static void writeService(Service service, StringBuilder out) {
    out.append(" svc=[");
    if (!service.namespace().isEmpty()) {
      Printable.append(out, service.namespace());
      out.append('/');
    }
    Printable.append(out, service.name());
    out.append(' ')
        .append(service.language().isEmpty() ? "generic" : service.language())
        .append(']');
  }

  private static String size(long bytes) {
    return bytes < 0 ? "?B" : bytes + "B";
  }
}
