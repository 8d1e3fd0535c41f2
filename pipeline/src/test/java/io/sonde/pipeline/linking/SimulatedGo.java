package io.sonde.pipeline.linking;

import io.sonde.pipeline.connection.SimulatedCapture;
import io.sonde.pipeline.connection.SimulatedConnection;
import io.sonde.pipeline.event.GoroutineAct;
import io.sonde.pipeline.event.GoroutineAct.Ancestor;
import io.sonde.pipeline.event.GoroutineAct.Kind;
import io.sonde.pipeline.event.Role;
import java.util.ArrayList;
import java.util.List;

/** Goroutines of one process, and net/http as it works with them. */
final class SimulatedGo {
  private static final int TOLD_ANCESTORS = 4;

  private final SimulatedCapture capture;
  private final int pid;
  private long ids = 1;
  final Goroutine main = new Goroutine(1, null, 0);

  SimulatedGo(SimulatedCapture capture, int pid) {
    this.capture = capture;
    this.pid = pid;
  }

  /**
   * @param creator null: of the first one
   * @param createdNs 0: before the capture
   */
  record Goroutine(long id, Goroutine creator, long createdNs) {
    long parent() {
      return creator == null ? 0 : creator.id;
    }
  }

  Goroutine create(Goroutine creator) {
    return new Goroutine(++ids, creator, capture.later());
  }

  /** The capture does not know when. */
  Goroutine createUnseen(Goroutine creator) {
    return new Goroutine(++ids, creator, 0);
  }

  /** A connection that the goroutine reads and answers on. */
  SimulatedConnection serves(Goroutine goroutine) {
    return as(goroutine, capture.connect(Role.SERVER));
  }

  SimulatedConnection as(Goroutine goroutine, SimulatedConnection connection) {
    return connection.by(pid).goroutine(goroutine.id(), goroutine.parent());
  }

  /** A connection of net/http's client, with the goroutine that writes on it. */
  Pooled dial(Goroutine goroutine) {
    Goroutine dialer = create(goroutine);
    return new Pooled(capture.connect(Role.CLIENT), create(dialer), create(dialer));
  }

  /** By net/http, over a connection of its own, to the end. */
  void get(Goroutine caller, String path) {
    dial(caller).get(caller, path);
  }

  private static List<Ancestor> lineage(Goroutine goroutine) {
    List<Ancestor> lineage = new ArrayList<>();
    for (Goroutine g = goroutine; g != null && lineage.size() < TOLD_ANCESTORS; g = g.creator()) {
      lineage.add(new Ancestor(g.id(), g.createdNs()));
    }
    return lineage;
  }

  void tellCalls(Goroutine writer, int stream, Goroutine caller, long sinceNs) {
    List<Ancestor> lineage = lineage(caller);
    capture.act(
        new GoroutineAct(
            Kind.CALLS, sinceNs, pid, 0, writer.id(), writer.parent(), stream, lineage, ""));
  }

  void tellServes(Goroutine handler, int stream) {
    capture.act(
        new GoroutineAct(
            Kind.SERVES,
            capture.later(),
            pid,
            0,
            handler.id(),
            handler.parent(),
            stream,
            lineage(handler),
            ""));
  }

  /** A connection of net/http's client. */
  final class Pooled {
    final SimulatedConnection connection;
    private final Goroutine writeLoop;
    private final Goroutine readLoop;

    private Pooled(SimulatedConnection connection, Goroutine writeLoop, Goroutine readLoop) {
      this.connection = connection;
      this.writeLoop = writeLoop;
      this.readLoop = readLoop;
    }

    Pooled get(Goroutine caller, String path) {
      return tell(caller).write(path).answer();
    }

    /** That the next request is made by that goroutine. */
    Pooled tell(Goroutine caller) {
      return tell(caller, capture.later());
    }

    Pooled tell(Goroutine caller, long sinceNs) {
      tellCalls(writeLoop, 0, caller, sinceNs);
      return this;
    }

    Pooled write(String path) {
      as(writeLoop, connection).tx(LinkTestCase.get(path));
      return this;
    }

    Pooled answer() {
      as(readLoop, connection).rx(LinkTestCase.OK);
      return this;
    }
  }
}
