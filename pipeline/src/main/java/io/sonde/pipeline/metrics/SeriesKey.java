package io.sonde.pipeline.metrics;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.semconv.ServiceAttributes;
import io.sonde.pipeline.identity.Service;

/**
 * The attributes by which one service's exchanges of one kind are told apart. Mutable so that
 * looking up a known series makes no garbage: one is set anew for each exchange to look up by, and
 * a {@link #copy} is kept.
 */
interface SeriesKey {
  /** One that stays as it is. */
  SeriesKey copy();

  Attributes attributes(Service service);

  /** The attributes that every data point of the service has. */
  static AttributesBuilder serviceAttributes(Service service) {
    AttributesBuilder attributes = Attributes.builder();
    attributes.put(ServiceAttributes.SERVICE_NAME, service.name());
    if (!service.namespace().isEmpty()) {
      attributes.put(ServiceAttributes.SERVICE_NAMESPACE, service.namespace());
    }
    return attributes;
  }
}
