package io.sonde.pipeline.export.print;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
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
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One JSON object per trace, with the fields of Beyla's {@code json} and {@code json_indent}
 * printers; numbers that Beyla writes as strings are strings here too. Unknown sizes and statuses
 * are left out.
 */
final class JsonFormat implements TraceFormat {
  private static final long NS_PER_US = 1000;

  private final JsonFactory factory = new JsonFactory();
  private final boolean indent;

  JsonFormat(boolean indent) {
    this.indent = indent;
  }

  @Override
  public void write(Trace trace, StringBuilder out) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = factory.createGenerator(text)) {
      if (indent) {
        json.setPrettyPrinter(new DefaultPrettyPrinter());
      }
      write(trace, json);
    } catch (IOException e) {
      throw new UncheckedIOException("a string cannot be written to", e);
    }
    out.append(text.getBuffer()).append('\n');
  }

  private static void write(Trace trace, JsonGenerator json) throws IOException {
    Exchange exchange = trace.exchange();
    boolean server = exchange.role() == Role.SERVER;
    InetSocketAddress local = exchange.connection().local();
    InetSocketAddress remote = exchange.connection().remote();
    InetSocketAddress client = server ? remote : local;
    InetSocketAddress host = server ? local : remote;
    String family = exchange.match(http -> "HTTP", rpc -> "GRPC");
    json.writeStartObject();
    json.writeStringField("type", server ? family : family + "Client");
    json.writeStringField("kind", server ? "SERVER" : "CLIENT");
    json.writeStringField("peer", IpText.of(client.getAddress()));
    json.writeStringField("peerPort", Integer.toString(client.getPort()));
    json.writeStringField("host", IpText.of(host.getAddress()));
    json.writeStringField("hostPort", Integer.toString(host.getPort()));
    json.writeStringField(
        "peerName", server ? IpText.of(client.getAddress()) : exchange.service().name());
    json.writeStringField(
        "hostName", server ? exchange.service().name() : exchange.serverAddress());
    json.writeStringField("traceID", trace.traceId());
    json.writeStringField("spanID", trace.spanId());
    json.writeStringField("parentSpanID", trace.parentSpanId());
    json.writeStringField("traceFlags", Integer.toString(trace.context().getTraceFlags().asByte()));
    writeTimes(exchange.timing(), json);
    writeService(exchange.service(), json);
    json.writeObjectFieldStart("attributes");
    for (Map.Entry<String, String> one :
        exchange.match(JsonFormat::attributes, JsonFormat::attributes).entrySet()) {
      json.writeStringField(one.getKey(), one.getValue());
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void writeTimes(Timing timing, JsonGenerator json) throws IOException {
    long offset = timing.realtimeOffsetNs();
    long handlerNs = timing.endedNs() - timing.startedNs();
    json.writeStringField("start", Long.toString((timing.arrivedNs() + offset) / NS_PER_US));
    json.writeStringField("handlerStart", Long.toString((timing.startedNs() + offset) / NS_PER_US));
    json.writeStringField("end", Long.toString((timing.endedNs() + offset) / NS_PER_US));
    json.writeStringField("duration", GoDuration.of(timing.durationNs()));
    json.writeStringField("durationUSec", Long.toString(timing.durationNs() / NS_PER_US));
    json.writeStringField("handlerDuration", GoDuration.of(handlerNs));
    json.writeStringField("handlerDurationUSec", Long.toString(handlerNs / NS_PER_US));
  }

  private static void writeService(Service service, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("service");
    json.writeStringField("name", service.name());
    json.writeStringField("namespace", service.namespace());
    json.writeStringField("instance", service.instanceId());
    json.writeStringField("language", service.language());
    json.writeNumberField("pid", service.pid());
    json.writeEndObject();
  }

  private static Map<String, String> attributes(HttpExchange http) {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("method", http.method());
    if (http.statusCode() > 0) {
      attributes.put("status", Integer.toString(http.statusCode()));
    }
    attributes.put("url", http.path());
    put(attributes, "query", http.query());
    put(attributes, "route", http.route());
    putCommon(attributes, http);
    return attributes;
  }

  private static Map<String, String> attributes(RpcExchange rpc) {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("method", rpc.method() == null ? RpcExchange.UNKNOWN_METHOD : rpc.method());
    if (rpc.statusCode() != GrpcStatus.NONE) {
      attributes.put("status", Integer.toString(rpc.statusCode()));
    }
    putKnown(attributes, "requestMessages", rpc.requestMessages());
    putKnown(attributes, "responseMessages", rpc.responseMessages());
    putCommon(attributes, rpc);
    return attributes;
  }

  private static void putCommon(Map<String, String> attributes, Exchange exchange) {
    putKnown(attributes, "contentLen", exchange.requestBytes());
    putKnown(attributes, "responseLen", exchange.responseBytes());
    if (exchange.role() == Role.SERVER) {
      attributes.put("clientAddr", IpText.of(exchange.connection().remote().getAddress()));
    }
    attributes.put("serverAddr", exchange.serverAddress());
    attributes.put("serverPort", Integer.toString(exchange.serverPort()));
    put(attributes, "errorType", exchange.errorType());
    put(attributes, "truncated", exchange.truncated() ? "true" : null);
  }

  private static void putKnown(Map<String, String> attributes, String name, long number) {
    put(attributes, name, number < 0 ? null : Long.toString(number));
  }

  private static void put(Map<String, String> attributes, String name, String value) {
    if (value != null) {
      attributes.put(name, value);
    }
  }
}
