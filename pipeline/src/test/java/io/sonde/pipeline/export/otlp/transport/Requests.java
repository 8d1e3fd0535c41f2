package io.sonde.pipeline.export.otlp.transport;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.sonde.pipeline.export.otlp.request.OtlpRequest;
import io.sonde.pipeline.export.otlp.request.Signal;
import java.util.List;
import java.util.stream.Stream;

/** Requests with spans, made and read by the protocol's own definition. */
public final class Requests {
  private Requests() {}

  /** Spans named 0, 1, … */
  public static OtlpRequest spans(int count) {
    return spans(count, 0);
  }

  /**
   * @param padding bytes in each span, so that it has a size
   */
  public static OtlpRequest spans(int count, int padding) {
    ScopeSpans.Builder scope =
        ScopeSpans.newBuilder().setScope(InstrumentationScope.newBuilder().setName("io.sonde"));
    for (int i = 0; i < count; i++) {
      scope.addSpans(
          Span.newBuilder()
              .setName(Integer.toString(i))
              .setTraceId(ByteString.copyFrom(new byte[padding])));
    }
    byte[] body =
        ExportTraceServiceRequest.newBuilder()
            .addResourceSpans(
                ResourceSpans.newBuilder().setResource(service("shop")).addScopeSpans(scope))
            .build()
            .toByteArray();
    return new OtlpRequest(Signal.TRACES, count, body);
  }

  public static Resource service(String name) {
    return Resource.newBuilder()
        .addAttributes(
            KeyValue.newBuilder()
                .setKey("service.name")
                .setValue(AnyValue.newBuilder().setStringValue(name)))
        .build();
  }

  public static List<String> names(ExportTraceServiceRequest... requests) {
    return Stream.of(requests)
        .flatMap(request -> request.getResourceSpansList().stream())
        .flatMap(resource -> resource.getScopeSpansList().stream())
        .flatMap(scope -> scope.getSpansList().stream())
        .map(Span::getName)
        .toList();
  }
}
