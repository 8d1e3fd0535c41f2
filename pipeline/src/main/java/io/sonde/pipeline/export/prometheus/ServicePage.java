package io.sonde.pipeline.export.prometheus;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.data.DoubleExemplarData;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramPointData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.semconv.ServiceAttributes;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.NativeHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Unit;
import io.sonde.pipeline.metrics.HistogramPoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The observed services' part of the page: histograms, and {@code target_info}. */
final class ServicePage {
  private static final String OF_SPANS = "traces";
  private static final Unit MILLISECONDS = new Unit("milliseconds");

  private ServicePage() {}

  static List<MetricSnapshot> snapshots(Collection<MetricData> metrics) {
    List<MetricSnapshot> all = new ArrayList<>();
    metrics.stream()
        .collect(Collectors.groupingBy(MetricData::getName, TreeMap::new, Collectors.toList()))
        .values()
        .forEach(
            instrument ->
                all.add(
                    instrument.get(0).getType() == MetricDataType.LONG_SUM
                        ? counter(instrument)
                        : histogram(instrument)));
    List<Resource> services = metrics.stream().map(MetricData::getResource).distinct().toList();
    if (!services.isEmpty()) {
      all.add(targetInfo("target", services));
    }
    if (metrics.stream().anyMatch(metric -> metric.getName().startsWith(OF_SPANS))) {
      all.add(targetInfo(OF_SPANS + "_target", services));
    }
    return all;
  }

  private static HistogramSnapshot histogram(List<MetricData> services) {
    MetricData any = services.get(0);
    Unit unit = unit(any);
    HistogramSnapshot.Builder histogram = HistogramSnapshot.builder().help(any.getDescription());
    if (isLiteral(any)) {
      histogram.name(any.getName());
    } else if (unit == null) {
      histogram.name(LabelNames.of(any.getName()));
    } else {
      histogram.name(LabelNames.of(any.getName()) + "_" + unit).unit(unit);
    }
    for (MetricData service : services) {
      Map<String, String> target = target(service.getResource());
      for (HistogramPointData point : service.getHistogramData().getPoints()) {
        histogram.dataPoint(point(target, point));
      }
    }
    return histogram.build();
  }

  /** Null: a number of something, which has no unit. */
  private static Unit unit(MetricData metric) {
    return switch (metric.getUnit()) {
      case "s" -> Unit.SECONDS;
      case "ms" -> MILLISECONDS;
      case "By" -> Unit.BYTES;
      default -> null;
    };
  }

  /** Beyla's metrics of spans have one name everywhere, that of Prometheus. */
  private static boolean isLiteral(MetricData metric) {
    return metric.getName().indexOf('.') < 0;
  }

  /** The library appends {@code _total}. */
  private static CounterSnapshot counter(List<MetricData> services) {
    MetricData any = services.get(0);
    String name = LabelNames.of(any.getName());
    CounterSnapshot.Builder counter =
        CounterSnapshot.builder()
            .name(name.endsWith("_total") ? name.substring(0, name.lastIndexOf('_')) : name)
            .help(any.getDescription());
    for (MetricData service : services) {
      Map<String, String> target = target(service.getResource());
      for (LongPointData point : service.getLongSumData().getPoints()) {
        counter.dataPoint(
            CounterDataPointSnapshot.builder()
                .labels(labels(target, point.getAttributes()))
                .value(point.getValue())
                .createdTimestampMillis(TimeUnit.NANOSECONDS.toMillis(point.getStartEpochNanos()))
                .build());
      }
    }
    return counter.build();
  }

  private static HistogramDataPointSnapshot point(
      Map<String, String> target, HistogramPointData point) {
    List<Double> bounds = new ArrayList<>(point.getBoundaries());
    bounds.add(Double.POSITIVE_INFINITY);
    HistogramDataPointSnapshot.Builder data =
        HistogramDataPointSnapshot.builder()
            .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, point.getCounts()))
            .sum(point.getSum())
            .labels(labels(target, point.getAttributes()))
            .createdTimestampMillis(TimeUnit.NANOSECONDS.toMillis(point.getStartEpochNanos()))
            .exemplars(
                Exemplars.of(point.getExemplars().stream().map(ServicePage::exemplar).toList()));
    if (point instanceof HistogramPoint both && both.exponential() != null) {
      addNative(data, both.exponential());
    }
    return data.build();
  }

  /**
   * Prometheus counts buckets by their upper bounds, OpenTelemetry by their lower ones; a schema is
   * a scale. No measurement is between zero and a threshold, so that is zero.
   */
  private static void addNative(
      HistogramDataPointSnapshot.Builder data, ExponentialHistogramPointData point) {
    int offset = point.getPositiveBuckets().getOffset();
    List<Long> counts = point.getPositiveBuckets().getBucketCounts();
    NativeHistogramBuckets.Builder used = NativeHistogramBuckets.builder();
    for (int i = 0; i < counts.size(); i++) {
      if (counts.get(i) > 0) {
        used.bucket(offset + i + 1, counts.get(i));
      }
    }
    data.nativeSchema(point.getScale())
        .nativeZeroCount(point.getZeroCount())
        .nativeBucketsForPositiveValues(used.build());
  }

  /** Only OpenMetrics shows it, at the bucket of its value. */
  private static Exemplar exemplar(DoubleExemplarData exemplar) {
    return Exemplar.builder()
        .value(exemplar.getValue())
        .traceId(exemplar.getSpanContext().getTraceId())
        .spanId(exemplar.getSpanContext().getSpanId())
        .timestampMillis(TimeUnit.NANOSECONDS.toMillis(exemplar.getEpochNanos()))
        .build();
  }

  private static InfoSnapshot targetInfo(String name, List<Resource> services) {
    InfoSnapshot.Builder info =
        InfoSnapshot.builder().name(name).help("What is known of each observed service.");
    for (Resource service : services) {
      info.dataPoint(
          InfoDataPointSnapshot.builder()
              .labels(labels(target(service), service.getAttributes()))
              .build());
    }
    return info.build();
  }

  /** The labels by which Prometheus knows a target, which no attribute can set. */
  private static Map<String, String> target(Resource service) {
    String name = text(service, ServiceAttributes.SERVICE_NAME);
    String namespace = text(service, ServiceAttributes.SERVICE_NAMESPACE);
    return Map.of(
        "instance",
        text(service, ServiceAttributes.SERVICE_INSTANCE_ID),
        "job",
        namespace.isEmpty() ? name : namespace + "/" + name);
  }

  private static String text(Resource resource, AttributeKey<String> key) {
    String value = resource.getAttribute(key);
    return value == null ? "" : value;
  }

  /**
   * Attributes whose names become the same label are joined by a semicolon, as OpenTelemetry says.
   */
  private static Labels labels(Map<String, String> target, Attributes attributes) {
    Map<String, String> labels = new TreeMap<>();
    attributes.forEach(
        (key, value) ->
            labels.merge(
                LabelNames.of(key.getKey()), value.toString(), (one, two) -> one + ";" + two));
    labels.putAll(target);
    return Labels.of(List.copyOf(labels.keySet()), List.copyOf(labels.values()));
  }
}
