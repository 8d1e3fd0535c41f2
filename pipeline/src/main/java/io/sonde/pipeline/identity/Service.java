package io.sonde.pipeline.identity;

import io.opentelemetry.sdk.resources.Resource;

/**
 * An observed service instance. Exactly one object per process, since the OTLP exporters group by
 * the identity of {@link #resource()}: compare by reference.
 */
public final class Service {
  private final String name;
  private final String namespace;
  private final String language;
  private final String hostName;
  private final int pid;
  private final Resource resource;
  private final ServiceOverrides overrides;

  /**
   * @param namespace empty when none
   * @param language value of telemetry.sdk.language, empty when unknown
   * @param overrides what the configuration says of this service in particular
   */
  public Service(
      String name,
      String namespace,
      String language,
      String hostName,
      int pid,
      Resource resource,
      ServiceOverrides overrides) {
    this.name = name;
    this.namespace = namespace;
    this.language = language;
    this.hostName = hostName;
    this.pid = pid;
    this.resource = resource;
    this.overrides = overrides;
  }

  public String name() {
    return name;
  }

  public String namespace() {
    return namespace;
  }

  public String language() {
    return language;
  }

  public int pid() {
    return pid;
  }

  /** {@code host:pid}, as service.instance.id and as the Prometheus label instance. */
  public String instanceId() {
    return hostName + ":" + pid;
  }

  /** Carries service.*, host.*, process.* and telemetry.* attributes. */
  public Resource resource() {
    return resource;
  }

  /** What the configuration says of this service in particular; never null. */
  public ServiceOverrides overrides() {
    return overrides;
  }
}
