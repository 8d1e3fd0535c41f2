package io.sonde.pipeline.identity;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.semconv.ContainerAttributes;
import io.opentelemetry.semconv.ServiceAttributes;
import io.opentelemetry.semconv.TelemetryAttributes;
import io.sonde.pipeline.event.CaptureStarted;
import io.sonde.pipeline.event.ProcessStarted;
import io.sonde.pipeline.identity.command.CommandName;
import java.util.Map;
import java.util.Optional;

/**
 * Names observed processes. The name of a service is the first of: the one of the discovery rule
 * that selected it, the configured one, the process's own OTEL_SERVICE_NAME, {@code service.name}
 * in its OTEL_RESOURCE_ATTRIBUTES, {@code service.name} among the configured attributes, what its
 * command line runs ({@link CommandName}), {@code unknown_service}. Of the command line nothing
 * else is told: arguments hold secrets. Safe for many threads.
 */
public final class ServiceFactory {
  /** Semantic conventions: the name where there is none. */
  static final String UNKNOWN_NAME = "unknown_service";

  /** A process's own words are hostile: longer ones are cut. */
  static final int MAX_VALUE_LENGTH = 1024;

  /** Of those that a process may give itself. */
  static final int MAX_OWN_ATTRIBUTES = 64;

  private static final String DISTRIBUTION = "sonde";
  private static final String NAME_VARIABLE = "OTEL_SERVICE_NAME";
  private static final String ATTRIBUTES_VARIABLE = "OTEL_RESOURCE_ATTRIBUTES";

  private final SdkCoexistence coexistence;
  private volatile Configured configuration;

  /** What the configuration says, replaced as a whole. */
  private record Configured(
      Optional<String> serviceName, Map<String, String> attributes, OverridesByRule rules) {}

  /**
   * @param serviceName overrides the name of every service; empty: none does
   * @param resourceAttributes added to every service, below what the process says of itself
   * @param overrides of the services that a discovery rule selects, by rule id; every rule of the
   *     configuration is in it
   * @param coexistence what services are seen to export themselves
   */
  public ServiceFactory(
      Optional<String> serviceName,
      Map<String, String> resourceAttributes,
      Map<String, ServiceOverrides> overrides,
      SdkCoexistence coexistence) {
    this.coexistence = coexistence;
    reconfigure(serviceName, resourceAttributes, overrides);
  }

  SdkCoexistence coexistence() {
    return coexistence;
  }

  /** As told to the constructor, for processes that are told from now on. */
  public final void reconfigure(
      Optional<String> serviceName,
      Map<String, String> resourceAttributes,
      Map<String, ServiceOverrides> overrides) {
    configuration =
        new Configured(serviceName, Map.copyOf(resourceAttributes), new OverridesByRule(overrides));
  }

  /** Changes with what services are made of. */
  Object generation() {
    return configuration;
  }

  Service create(CaptureStarted host, ProcessStarted process) {
    Configured now = configuration;
    OtelSettings settings = OtelSettings.of(process);
    Map<String, String> own = ResourceAttributesVariable.parse(settings.get(ATTRIBUTES_VARIABLE));
    ServiceOverrides overrides = now.rules().of(process.selectedBy());
    String name =
        firstPresent(
            overrides.name().orElse(""),
            now.serviceName().orElse(""),
            settings.get(NAME_VARIABLE),
            own.getOrDefault(ServiceAttributes.SERVICE_NAME.getKey(), ""),
            now.attributes().getOrDefault(ServiceAttributes.SERVICE_NAME.getKey(), ""),
            CommandName.of(process),
            UNKNOWN_NAME);

    AttributesBuilder attributes = Attributes.builder();
    now.attributes().forEach(attributes::put);
    own.entrySet().stream()
        .limit(MAX_OWN_ATTRIBUTES)
        .forEach(entry -> attributes.put(cut(entry.getKey()), cut(entry.getValue())));
    attributes.put(ServiceAttributes.SERVICE_NAME, name);
    overrides
        .namespace()
        .ifPresent(namespace -> attributes.put(ServiceAttributes.SERVICE_NAMESPACE, namespace));
    attributes.put(ServiceAttributes.SERVICE_INSTANCE_ID, host.hostName() + ":" + process.pid());
    attributes.put(TelemetryAttributes.TELEMETRY_SDK_NAME, DISTRIBUTION);
    attributes.put(TelemetryAttributes.TELEMETRY_DISTRO_NAME, DISTRIBUTION);
    putPresent(attributes, TelemetryAttributes.TELEMETRY_SDK_LANGUAGE, process.language());
    putPresent(attributes, ResourceAttributes.HOST_NAME, host.hostName());
    putPresent(attributes, ResourceAttributes.HOST_ID, host.machineId());
    attributes.put(ResourceAttributes.OS_TYPE, "linux");
    attributes.put(ResourceAttributes.PROCESS_PID, (long) process.pid());
    putPresent(
        attributes, ResourceAttributes.PROCESS_EXECUTABLE_NAME, baseName(process.executable()));
    putPresent(attributes, ResourceAttributes.PROCESS_EXECUTABLE_PATH, process.executable());
    putPresent(attributes, ContainerAttributes.CONTAINER_ID, process.containerId());
    putPresent(attributes, ResourceAttributes.K8S_POD_UID, process.podUid());

    Attributes built = attributes.build();
    String namespace = built.get(ServiceAttributes.SERVICE_NAMESPACE);
    return new Service(
        name,
        namespace == null ? "" : namespace,
        process.language(),
        host.hostName(),
        process.pid(),
        Resource.create(built),
        overrides,
        coexistence.of(host, process));
  }

  private static void putPresent(
      AttributesBuilder attributes, AttributeKey<String> key, String value) {
    if (!value.isEmpty()) {
      attributes.put(key, value);
    }
  }

  private static String firstPresent(String... candidates) {
    for (String candidate : candidates) {
      if (!candidate.isBlank()) {
        return cut(candidate);
      }
    }
    return UNKNOWN_NAME;
  }

  private static String baseName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static String cut(String value) {
    return value.length() <= MAX_VALUE_LENGTH ? value : value.substring(0, MAX_VALUE_LENGTH);
  }
}
