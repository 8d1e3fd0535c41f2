package io.sonde.pipeline.export.print;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import io.sonde.pipeline.event.IpText;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.HttpExchange;
import io.sonde.pipeline.exchange.Timing;
import io.sonde.pipeline.export.GoDuration;
import io.sonde.pipeline.linking.Trace;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;

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
      if (trace.exchange() instanceof HttpExchange http) {
        write(trace, http, json);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a string cannot be written to", e);
    }
    out.append(text.getBuffer()).append('\n');
  }

  private static void write(Trace trace, HttpExchange http, JsonGenerator json) throws IOException {
    boolean server = http.role() == Role.SERVER;
    InetSocketAddress client = server ? http.connection().remote() : http.connection().local();
    InetSocketAddress host = server ? http.connection().local() : http.connection().remote();
    json.writeStartObject();
    json.writeStringField("type", server ? "HTTP" : "HTTPClient");
    json.writeStringField("kind", server ? "SERVER" : "CLIENT");
    json.writeStringField("peer", IpText.of(client.getAddress()));
    json.writeStringField("peerPort", Integer.toString(client.getPort()));
    json.writeStringField("host", IpText.of(host.getAddress()));
    json.writeStringField("hostPort", Integer.toString(host.getPort()));
    json.writeStringField(
        "peerName", server ? IpText.of(client.getAddress()) : http.service().name());
    json.writeStringField("hostName", server ? http.service().name() : http.serverAddress());
    json.writeStringField("traceID", trace.traceId());
    json.writeStringField("spanID", trace.spanId());
    json.writeStringField("parentSpanID", trace.parentSpanId());
    json.writeStringField("traceFlags", Integer.toString(trace.context().getTraceFlags().asByte()));
    writeTimes(http.timing(), json);
    writeService(http, json);
    writeAttributes(http, json);
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

  private static void writeService(HttpExchange http, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("service");
    json.writeStringField("name", http.service().name());
    json.writeStringField("namespace", http.service().namespace());
    json.writeStringField("instance", http.service().instanceId());
    json.writeStringField("language", http.service().language());
    json.writeNumberField("pid", http.service().pid());
    json.writeEndObject();
  }

  private static void writeAttributes(HttpExchange http, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("attributes");
    json.writeStringField("method", http.method());
    if (http.statusCode() > 0) {
      json.writeStringField("status", Integer.toString(http.statusCode()));
    }
    json.writeStringField("url", http.path());
    if (http.query() != null) {
      json.writeStringField("query", http.query());
    }
    if (http.route() != null) {
      json.writeStringField("route", http.route());
    }
    if (http.requestBodyBytes() >= 0) {
      json.writeStringField("contentLen", Long.toString(http.requestBodyBytes()));
    }
    if (http.responseBodyBytes() >= 0) {
      json.writeStringField("responseLen", Long.toString(http.responseBodyBytes()));
    }
    if (http.role() == Role.SERVER) {
      json.writeStringField("clientAddr", IpText.of(http.connection().remote().getAddress()));
    }
    json.writeStringField("serverAddr", http.serverAddress());
    json.writeStringField("serverPort", Integer.toString(http.serverPort()));
    if (http.errorType() != null) {
      json.writeStringField("errorType", http.errorType());
    }
    if (http.truncated()) {
      json.writeStringField("truncated", "true");
    }
    json.writeEndObject();
  }
}
