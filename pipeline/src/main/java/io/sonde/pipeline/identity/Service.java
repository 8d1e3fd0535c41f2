package io.sonde.pipeline.identity;

import io.opentelemetry.sdk.resources.Resource;
import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.identity.ServiceOverrides.Export;

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
  private final OwnExports ownExports;

  /** Of which it is not known what it exports itself. */
  public Service(
      String name,
      String namespace,
      String language,
      String hostName,
      int pid,
      Resource resource,
      ServiceOverrides overrides) {
    this(name, namespace, language, hostName, pid, resource, overrides, OwnExports.ofUnknown(pid));
  }

  /**
   * @param namespace empty when none
   * @param language value of telemetry.sdk.language, empty when unknown
   * @param overrides what the configuration says of this service in particular
   * @param ownExports what it is seen to export itself
   */
  Service(
      String name,
      String namespace,
      String language,
      String hostName,
      int pid,
      Resource resource,
      ServiceOverrides overrides,
      OwnExports ownExports) {
    this.name = name;
    this.namespace = namespace;
    this.language = language;
    this.hostName = hostName;
    this.pid = pid;
    this.resource = resource;
    this.overrides = overrides;
    this.ownExports = ownExports;
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

  /**
   * Why the signal is not told of this service; null when it is. May change with time, as the
   * service is seen to export it itself.
   */
  public LossCause withheld(Export signal) {
    if (!overrides.exports(signal)) {
      return LossCause.NOT_TO_BE_EXPORTED;
    }
    return ownExports.has(signal) ? LossCause.TOLD_BY_SDK : null;
  }

  OwnExports ownExports() {
    return ownExports;
  }
}
