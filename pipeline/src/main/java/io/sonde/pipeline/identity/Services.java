package io.sonde.pipeline.identity;

import io.sonde.pipeline.accounting.ProcessAccount;
import io.sonde.pipeline.event.CaptureStarted;
import io.sonde.pipeline.event.ProcessExited;
import io.sonde.pipeline.event.ProcessSeen;
import io.sonde.pipeline.event.ProcessStarted;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

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

  /**
   * @param generation of the factory that made the service
   */
  private record Instance(
      ProcessStarted facts, Service service, ProcessAccount account, Object generation) {}

  /** Of all processes that were never announced. */
  private final ProcessAccount unknown = new ProcessAccount();

  public Services(CaptureStarted host, ServiceFactory factory) {
    this.host = host;
    this.factory = factory;
  }

  /** The same facts told again (after a reconnect) keep the service object. */
  public void started(ProcessStarted process) {
    Instance known = instances.get(process.pid());
    if (known == null || !known.facts.equals(process)) {
      boolean same = known != null && known.facts.startNs() == process.startNs();
      add(process, same ? known.account : new ProcessAccount());
    }
  }

  private Service add(ProcessStarted process, ProcessAccount account) {
    Object generation = factory.generation();
    Service service = factory.create(host, process);
    instances.put(process.pid(), new Instance(process, service, account, generation));
    return service;
  }

  /** Ignored when the pid already belongs to a newer process. */
  public void exited(ProcessExited process) {
    Instance known = instances.get(process.pid());
    if (known != null && known.facts.startNs() == process.startNs()) {
      instances.remove(process.pid());
      factory.coexistence().exited(host, known.facts);
    }
  }

  /** What is counted of the process alone; of an unknown one with all others that are unknown. */
  public ProcessAccount account(int pid) {
    Instance known = instances.get(pid);
    return known == null ? unknown : known.account;
  }

  /** What was seen of a process that was announced. */
  public Optional<ProcessSeen> seen(int pid) {
    return Optional.ofNullable(instances.get(pid)).map(known -> seen(known.service, known.account));
  }

  private ProcessSeen seen(Service service, ProcessAccount account) {
    List<ProcessSeen.Loss> losses = new ArrayList<>();
    account
        .losses()
        .forEach(
            (cause, count) ->
                losses.add(new ProcessSeen.Loss(cause.label(), cause.sentence(), count)));
    return new ProcessSeen(
        service.pid(),
        service.name(),
        service.namespace(),
        service.language(),
        account.connectionTotal(),
        new ProcessSeen.Tls(
            account.tlsSeenTotal(), account.tlsReadTotal(), account.tlsUnmatchedTotal()),
        account.protocols(),
        account.begunTotal(),
        account.reportedTotal(),
        losses,
        ownExports(service),
        service.overrides().settings());
  }

  private List<String> ownExports(Service service) {
    return factory.coexistence().decisions().stream()
        .filter(decision -> decision.instance().equals(service.instanceId()))
        .filter(decision -> decision.service().equals(service.name()))
        .map(
            decision ->
                decision.signal().name().toLowerCase(Locale.ROOT)
                    + " ("
                    + decision.evidence().label()
                    + ")")
        .toList();
  }

  /** The service that the pid is now, or null when the process was never announced. */
  public Service find(int pid) {
    Instance known = instances.get(pid);
    if (known == null || known.generation == factory.generation()) {
      return known == null ? null : known.service;
    }
    return add(known.facts, known.account);
  }

  /** Whether it is a JVM, which does TLS where nobody can read it without entering it. */
  public boolean isJava(int pid) {
    Service service = find(pid);
    return service != null && "java".equals(service.language());
  }

  /** Whether what the process says within TLS is to be told of. */
  public boolean readsTls(int pid) {
    Service service = find(pid);
    return service == null || service.overrides().readsTls();
  }
}
