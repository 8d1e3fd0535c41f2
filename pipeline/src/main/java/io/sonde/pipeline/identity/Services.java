package io.sonde.pipeline.identity;

import io.sonde.pipeline.event.CaptureStarted;
import io.sonde.pipeline.event.ProcessExited;
import io.sonde.pipeline.event.ProcessStarted;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The living processes of one capture and the service that each of them is. A process is known by
 * its pid together with its start time, so a reused pid never inherits a name; an exec, which keeps
 * both, replaces the service because its facts differ. Not thread-safe: used by the thread that
 * feeds the capture's events.
 */
public final class Services {
  /** Above any default pid_max of a busy host; forgotten longest unused first. */
  static final int MAX_PROCESSES = 32_768;

  private final CaptureStarted host;
  private final ServiceFactory factory;
  private final Map<Integer, Instance> instances =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Instance> eldest) {
          return size() > MAX_PROCESSES;
        }
      };

  private record Instance(ProcessStarted facts, Service service) {}

  public Services(CaptureStarted host, ServiceFactory factory) {
    this.host = host;
    this.factory = factory;
  }

  /** The same facts told again (after a reconnect) keep the service object. */
  public void started(ProcessStarted process) {
    Instance known = instances.get(process.pid());
    if (known == null || !known.facts.equals(process)) {
      instances.put(process.pid(), new Instance(process, factory.create(host, process)));
    }
  }

  /** Ignored when the pid already belongs to a newer process. */
  public void exited(ProcessExited process) {
    Instance known = instances.get(process.pid());
    if (known != null && known.facts.startNs() == process.startNs()) {
      instances.remove(process.pid());
    }
  }

  /** The service that the pid is now, or null when the process was never announced. */
  public Service find(int pid) {
    Instance known = instances.get(pid);
    return known == null ? null : known.service;
  }
}
