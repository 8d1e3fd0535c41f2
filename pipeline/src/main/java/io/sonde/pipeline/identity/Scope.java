package io.sonde.pipeline.identity;

import io.opentelemetry.sdk.common.InstrumentationScopeInfo;

/**
 * The instrumentation scope of all that Sonde exports. One object: the OTLP exporters group by
 * identity.
 */
public final class Scope {
  public static final InstrumentationScopeInfo INFO =
      InstrumentationScopeInfo.builder("io.sonde").setVersion(version()).build();

  private Scope() {}

  /** From the jar's manifest; unpackaged classes have none. */
  private static String version() {
    String version = Scope.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }
}
