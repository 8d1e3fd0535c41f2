package io.sonde.pipeline.export.otlp.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.sonde.pipeline.export.otlp.transport.Requests;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestSplitterTest {
  private static ResourceSpans service(String name, int from, int to) {
    ScopeSpans.Builder scope =
        ScopeSpans.newBuilder()
            .setScope(InstrumentationScope.newBuilder().setName("io.sonde"))
            .setSchemaUrl("scopes");
    for (int i = from; i < to; i++) {
      scope.addSpans(Span.newBuilder().setName(Integer.toString(i)));
    }
    return ResourceSpans.newBuilder()
        .setResource(Requests.service(name))
        .addScopeSpans(scope)
        .setSchemaUrl("resources")
        .build();
  }

  private static ExportTraceServiceRequest spans(OtlpRequest request)
      throws InvalidProtocolBufferException {
    return ExportTraceServiceRequest.parseFrom(request.body());
  }

  @Test
  void halvesHaveEachSpanOnceUnderItsResourceAndScope() throws Exception {
    ExportTraceServiceRequest whole =
        ExportTraceServiceRequest.newBuilder()
            .addResourceSpans(service("shop", 0, 3))
            .addResourceSpans(service("bank", 3, 7))
            .build();

    List<OtlpRequest> halves =
        RequestSplitter.halves(new OtlpRequest(Signal.TRACES, 7, whole.toByteArray()));

    assertThat(halves).extracting(OtlpRequest::items).containsExactly(3, 4);
    assertThat(spans(halves.get(0)).getResourceSpansList()).containsExactly(service("shop", 0, 3));
    assertThat(spans(halves.get(1)).getResourceSpansList()).containsExactly(service("bank", 3, 7));
    assertThat(spans(RequestSplitter.halves(halves.get(1)).get(1)).getResourceSpansList())
        .containsExactly(service("bank", 5, 7));
  }

  private static Metric histogram(int points) {
    Histogram.Builder histogram =
        Histogram.newBuilder()
            .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE);
    for (int i = 0; i < points; i++) {
      histogram.addDataPoints(HistogramDataPoint.newBuilder().setCount(i).setSum(1));
    }
    return Metric.newBuilder().setName("duration").setUnit("s").setHistogram(histogram).build();
  }

  private static Metric gauge() {
    return Metric.newBuilder()
        .setName("size")
        .setGauge(Gauge.newBuilder().addDataPoints(NumberDataPoint.newBuilder().setAsInt(5)))
        .build();
  }

  private static OtlpRequest metrics(int points, Metric... metrics) {
    return new OtlpRequest(
        Signal.METRICS,
        points,
        ExportMetricsServiceRequest.newBuilder()
            .addResourceMetrics(
                ResourceMetrics.newBuilder()
                    .setResource(Requests.service("shop"))
                    .addScopeMetrics(ScopeMetrics.newBuilder().addAllMetrics(List.of(metrics))))
            .build()
            .toByteArray());
  }

  @Test
  void aMetricWithManyPointsIsCutWithinAndKeepsItsNameAndTemporality() throws Exception {
    List<OtlpRequest> halves = RequestSplitter.halves(metrics(6, histogram(5), gauge()));

    List<Metric> all = new ArrayList<>();
    for (OtlpRequest half : halves) {
      ExportMetricsServiceRequest request = ExportMetricsServiceRequest.parseFrom(half.body());
      assertThat(request.getResourceMetrics(0).getResource()).isEqualTo(Requests.service("shop"));
      all.addAll(request.getResourceMetrics(0).getScopeMetrics(0).getMetricsList());
    }
    assertThat(all).extracting(Metric::getName).containsExactly("duration", "duration", "size");
    assertThat(all.get(0).getHistogram().getDataPointsList())
        .isEqualTo(histogram(3).getHistogram().getDataPointsList());
    assertThat(all.get(1).getHistogram())
        .isEqualTo(
            Histogram.newBuilder()
                .setAggregationTemporality(
                    AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE)
                .addAllDataPoints(histogram(5).getHistogram().getDataPointsList().subList(3, 5))
                .build());
    assertThat(all.get(2)).isEqualTo(gauge());
  }

  @Test
  void aRequestIsCutUntilEachPartFitsOrIsASingleItem() throws Exception {
    OtlpRequest large = Requests.spans(23, 1000);

    List<OtlpRequest> parts = RequestSplitter.toFit(large, 5000).toList();

    assertThat(parts).allSatisfy(part -> assertThat(part.body()).hasSizeLessThanOrEqualTo(5000));
    assertThat(parts.stream().mapToInt(OtlpRequest::items).sum()).isEqualTo(23);
    List<String> names = new ArrayList<>();
    for (OtlpRequest part : parts) {
      assertThat(Requests.names(spans(part))).hasSize(part.items());
      names.addAll(Requests.names(spans(part)));
    }
    assertThat(names).isEqualTo(Requests.names(spans(large)));
    assertThat(RequestSplitter.toFit(Requests.spans(2, 1000), 10)).hasSize(2);
    assertThat(RequestSplitter.toFit(large, large.body().length)).containsExactly(large);
  }

  @Test
  void aRequestThatHoldsOtherThanItSaysIsNotCut() {
    OtlpRequest wrong = new OtlpRequest(Signal.TRACES, 5, Requests.spans(4).body());
    assertThatThrownBy(() -> RequestSplitter.halves(wrong))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("5 items has 4");
    OtlpRequest junk = new OtlpRequest(Signal.TRACES, 2, new byte[] {10, 50, 1});
    assertThatThrownBy(() -> RequestSplitter.halves(junk)).isInstanceOf(UncheckedIOException.class);
  }
}
