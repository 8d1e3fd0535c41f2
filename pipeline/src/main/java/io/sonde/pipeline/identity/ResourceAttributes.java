package io.sonde.pipeline.identity;

import io.opentelemetry.api.common.AttributeKey;

/**
 * Resource attribute keys of the semantic conventions that are not stable yet and so not in {@code
 * opentelemetry-semconv}.
 */
final class ResourceAttributes {
  static final AttributeKey<String> HOST_NAME = AttributeKey.stringKey("host.name");
  static final AttributeKey<String> HOST_ID = AttributeKey.stringKey("host.id");
  static final AttributeKey<String> OS_TYPE = AttributeKey.stringKey("os.type");
  static final AttributeKey<Long> PROCESS_PID = AttributeKey.longKey("process.pid");
  static final AttributeKey<String> PROCESS_EXECUTABLE_NAME =
      AttributeKey.stringKey("process.executable.name");
  static final AttributeKey<String> PROCESS_EXECUTABLE_PATH =
      AttributeKey.stringKey("process.executable.path");
  static final AttributeKey<String> K8S_POD_UID = AttributeKey.stringKey("k8s.pod.uid");

  private ResourceAttributes() {}
}
