package io.sonde.pipeline.connection;

import java.util.HashMap;
import java.util.Map;

/** The kernels that are being watched, by boot id. For the one thread that feeds all captures. */
public final class Kernels {
  private final Map<String, Kernel> byBootId = new HashMap<>();

  /** A capture whose boot id is empty, so not known, has a kernel to itself. */
  Kernel join(String bootId, ConnectionTable capture) {
    Kernel kernel =
        bootId.isEmpty()
            ? new Kernel(this)
            : byBootId.computeIfAbsent(bootId, id -> new Kernel(this));
    return kernel.join(capture);
  }

  void forget(Kernel kernel) {
    byBootId.values().remove(kernel);
  }
}
