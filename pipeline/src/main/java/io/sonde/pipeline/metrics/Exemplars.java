package io.sonde.pipeline.metrics;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.metrics.data.DoubleExemplarData;
import io.sonde.pipeline.linking.Trace;
import java.util.ArrayList;
import java.util.List;

/**
 * For each bucket of a histogram the latest request that has a span, so that from a slow bucket one
 * gets to a slow request, however rare. Kept from one collection to the next, since several readers
 * collect; receivers know an exemplar again by its time. Guarded by the store's lock.
 */
final class Exemplars {
  /** Overwritten in place: a known bucket makes no garbage. */
  private static final class Slot {
    SpanContext context;
    long raw;
    long unixNs;
  }

  private final Slot[] byBucket;

  Exemplars(int buckets) {
    byBucket = new Slot[buckets];
  }

  void keep(int bucket, long raw, Trace trace) {
    Slot slot = byBucket[bucket];
    if (slot == null) {
      slot = new Slot();
      byBucket[bucket] = slot;
    }
    slot.context = trace.context();
    slot.raw = raw;
    slot.unixNs = trace.exchange().timing().endedUnixNs();
  }

  /** In the order of the buckets. */
  List<DoubleExemplarData> data(Instrument instrument) {
    List<DoubleExemplarData> data = new ArrayList<>();
    for (Slot slot : byBucket) {
      if (slot != null) {
        data.add(
            DoubleExemplarData.create(
                Attributes.empty(), slot.unixNs, slot.context, instrument.inUnit(slot.raw)));
      }
    }
    return data;
  }
}
