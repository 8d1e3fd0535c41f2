package io.sonde.pipeline.identity;

import io.opentelemetry.sdk.common.InstrumentationScopeInfo;

/**
 * The instrumentation scope of all that Sonde exports. One object: the OTLP exporters group by
 * identity.
 */
public final class Scope {
  public static final InstrumentationScopeInfo INFO = InstrumentationScopeInfo.create("io.sonde");

  private Scope() {}
}
