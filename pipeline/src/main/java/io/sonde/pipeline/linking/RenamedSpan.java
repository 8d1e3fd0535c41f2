package io.sonde.pipeline.linking;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.trace.data.DelegatingSpanData;
import io.opentelemetry.sdk.trace.data.SpanData;

/** A span with other attributes. */
final class RenamedSpan extends DelegatingSpanData {
  private final Attributes attributes;

  RenamedSpan(SpanData span, Attributes attributes) {
    super(span);
    this.attributes = attributes;
  }

  @Override
  public Attributes getAttributes() {
    return attributes;
  }

  @Override
  public int getTotalAttributeCount() {
    return attributes.size();
  }
}
