package io.sonde.pipeline.identity;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.semconv.ServiceAttributes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Sonde itself as the origin of telemetry: its unprivileged half, where it runs. One object per
 * process: the OTLP exporters group by identity.
 */
public final class SondeResource {
  private static final String NAME = "sonde";

  private SondeResource() {}

  /** With a new {@code service.instance.id}, as a Collector gives itself at every start. */
  public static Resource create() {
    AttributesBuilder attributes = Attributes.builder();
    attributes.put(ServiceAttributes.SERVICE_NAME, NAME);
    attributes.put(ServiceAttributes.SERVICE_VERSION, Scope.INFO.getVersion());
    attributes.put(ServiceAttributes.SERVICE_INSTANCE_ID, UUID.randomUUID().toString());
    putFirstLine(attributes, ResourceAttributes.HOST_NAME, Path.of("/proc/sys/kernel/hostname"));
    putFirstLine(attributes, ResourceAttributes.HOST_ID, Path.of("/etc/machine-id"));
    attributes.put(ResourceAttributes.OS_TYPE, "linux");
    attributes.put(ResourceAttributes.PROCESS_PID, ProcessHandle.current().pid());
    return Resource.create(attributes.build());
  }

  /** Where there is none, as in many containers, the attribute is left out. */
  private static void putFirstLine(
      AttributesBuilder attributes, AttributeKey<String> key, Path file) {
    try {
      Files.readAllLines(file).stream()
          .map(String::strip)
          .filter(line -> !line.isEmpty())
          .findFirst()
          .ifPresent(line -> attributes.put(key, line));
    } catch (IOException e) {
      // not there, or not for us to read: nothing is known
      return;
    }
  }
}
