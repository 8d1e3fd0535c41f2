package io.sonde.probes.capture;

import io.sonde.contract.v1.CaptureMessage;
import io.sonde.contract.v1.ProcessStarted;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What a receiver that knows nothing has to be told before it can understand what was kept. */
final class Introductions {
  /** By pid, as each was when the eldest of the kept messages was written. */
  private final Map<Integer, CaptureMessage> processes = new LinkedHashMap<>();

  private final List<CaptureMessage> connections = new ArrayList<>();

  /**
   * @param kept in their order
   * @param running all processes that are there now
   */
  Introductions(List<Outbox.Item> kept, Collection<ProcessStarted> running) {
    kept.stream().map(Outbox.Item::introduction).flatMap(Optional::stream).forEach(this::take);
    for (ProcessStarted process : running) {
      processes.putIfAbsent(
          process.getPid(), CaptureMessage.newBuilder().setProcessStarted(process).build());
    }
  }

  /** The first one of a pid holds: a later one is what the pid was after a message that is kept. */
  private void take(CaptureMessage introduction) {
    if (introduction.hasProcessStarted()) {
      processes.putIfAbsent(introduction.getProcessStarted().getPid(), introduction);
    } else {
      connections.add(introduction);
    }
  }

  Stream<Outbox.Item> processes() {
    return processes.values().stream().map(Introductions::item);
  }

  Stream<Outbox.Item> connections() {
    return connections.stream().map(Introductions::item);
  }

  /** Its records repeat what was counted when it was told first. */
  private static Outbox.Item item(CaptureMessage introduction) {
    return new Outbox.Item(introduction.toBuilder(), 0);
  }
}
