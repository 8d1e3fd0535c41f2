package io.sonde.pipeline.linking;

import io.sonde.pipeline.connection.SimulatedCapture;
import io.sonde.pipeline.connection.SimulatedConnection;
import io.sonde.pipeline.event.Role;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * A thread of a server, one system call at each step. A request is {@code /ID}, a call made for it
 * {@code /for/ID/…}, one made for none {@code /alone}.
 */
final class SimulatedThread {
  /** How a thread lives. */
  enum Kind {
    /** Serves one request after the other, waiting for each; the connections are its own. */
    WORKER(true, 1, false),
    /** Serves none. */
    BACKGROUND(true, 0, true),
    /** Serves as many as there are, and has timers. */
    EVENT_LOOP(false, 5, true),
    /** Serves as many as there are by calls that wait once they are sure of an answer. */
    SELECT_LOOP(true, 5, false);

    private final boolean waits;
    private final int requests;
    private final boolean alone;

    Kind(boolean waits, int requests, boolean alone) {
      this.waits = waits;
      this.requests = requests;
      this.alone = alone;
    }
  }

  /** What is left to do for a request, in this order; one list of steps for each request. */
  private record Job(Deque<Runnable> steps) {}

  private final SimulatedCapture capture;
  private final Random random;
  private final Kind kind;
  private final int tid;
  private final List<Job> jobs = new ArrayList<>();
  private final Deque<SimulatedConnection> keptAlive = new ArrayDeque<>();
  private final Deque<SimulatedConnection> pool;
  private int requests;

  /**
   * @param pool of client connections, used by all threads
   */
  SimulatedThread(
      SimulatedCapture capture,
      Random random,
      Kind kind,
      int tid,
      Deque<SimulatedConnection> pool) {
    this.capture = capture;
    this.random = random;
    this.kind = kind;
    this.tid = tid;
    this.pool = pool;
  }

  void step() {
    if (jobs.size() < kind.requests && (jobs.isEmpty() || random.nextInt(4) == 0)) {
      begin();
    } else if (kind.alone && (jobs.isEmpty() || random.nextInt(4) == 0)) {
      call("/alone");
    } else {
      Job job = jobs.get(random.nextInt(jobs.size()));
      job.steps.remove().run();
      if (job.steps.isEmpty()) {
        jobs.remove(job);
      }
    }
  }

  private void begin() {
    String id = tid + "-" + ++requests;
    SimulatedConnection server =
        keptAlive.isEmpty() || random.nextBoolean()
            ? capture.connect(Role.SERVER)
            : keptAlive.remove();
    if (kind.waits) {
      server.waiting();
    }
    perhapsLose(server);
    server.in(tid).rx("GET /" + id + " HTTP/1.1\r\nHost: a\r\n\r\n");
    Deque<Runnable> steps = new ArrayDeque<>();
    calls(id, steps);
    answer(id, server, steps);
    jobs.add(new Job(steps));
  }

  private void calls(String id, Deque<Runnable> steps) {
    for (int i = random.nextInt(3); i > 0; i--) {
      steps.add(() -> call("/for/" + id));
    }
  }

  private void answer(String id, SimulatedConnection server, Deque<Runnable> steps) {
    switch (random.nextInt(5)) {
      case 0 -> { // its end is told by the close, which is told late
        steps.add(() -> server.in(tid).tx("HTTP/1.0 200 OK\r\n\r\nsome"));
        calls(id, steps);
        steps.add(() -> server.in(tid).tx("more"));
        steps.add(() -> pool.addLast(capture.connect(Role.CLIENT))); // something else
        steps.add(server::close);
      }
      case 1 -> {
        steps.add(() -> server.in(tid).tx("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nsome"));
        calls(id, steps);
        steps.add(() -> server.in(tid).tx("more"));
        steps.add(() -> keptAlive.add(server));
      }
      case 2 -> { // the client goes, which a select loop is told and a worker is not
        steps.add(() -> server.close(true, false));
        if (kind != Kind.SELECT_LOOP) {
          calls(id, steps);
        }
      }
      default -> {
        steps.add(
            () -> {
              perhapsLose(server);
              server.in(tid).tx("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
            });
        steps.add(() -> keptAlive.add(server));
      }
    }
  }

  /** Its answer may be read at once, or never. */
  private void call(String path) {
    SimulatedConnection client = pool.isEmpty() ? capture.connect(Role.CLIENT) : pool.remove();
    perhapsLose(client);
    client.in(tid).tx("GET " + path + " HTTP/1.1\r\nHost: b\r\n\r\n");
    if (random.nextInt(8) > 0) {
      client.in(tid).rx("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
      pool.addLast(client);
    } else {
      client.close(random.nextBoolean(), true);
    }
  }

  /** Not what a select loop does: it is found out by what is told of it. */
  private void perhapsLose(SimulatedConnection connection) {
    if (kind != Kind.SELECT_LOOP && random.nextInt(50) == 0) {
      connection.lose(1 + random.nextInt(2));
    }
  }
}
