package io.sonde.probes.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.contract.RecordLayout;
import io.sonde.probes.bpf.BpfException;
import io.sonde.probes.bpf.RingBuffer;
import io.sonde.probes.host.ProcFs;
import io.sonde.probes.probe.ProbeKit;
import io.sonde.probes.probe.Settings;
import io.sonde.probes.probe.TargetTable;
import io.sonde.probes.probe.files.FileTracking;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** Real processes do things, and are decided upon later: one record after the other. */
class TargetsTest extends ProbeKit {
  private static final int RING_BYTES = 1024 * 1024;
  private static final int RX = 0;
  private static final int TX = 1;

  private final Queue<ByteBuffer> told = new ArrayDeque<>();
  private final List<Moved> moved = new ArrayList<>();

  /** Bytes that an observed process received or sent. */
  private record Moved(int pid, int direction) {}

  @Override
  protected Settings settings() {
    return new Settings(
        4096, 1024, 1000, true, (int) ProcessHandle.current().pid(), 100, false, true, true);
  }

  /**
   * The parent is decided against only after its child has executed another program, and listens:
   * what the child did since then keeps it pending.
   */
  @Test
  void aDecisionTakesNothingFromWhatIsYoungerThanTheRecordThatItIsAbout() throws Exception {
    Targets targets = targets("languages=python", "cmd_args=*child.py*");
    Files.writeString(
        dir.resolve("child.py"),
        """
        import socket
        listener = socket.create_server(('127.0.0.1', 0))
        print(listener.getsockname()[1], flush=True)
        while True:
            c, _ = listener.accept()
            c.send(c.recv(9))
            c.close()
        """);
    Process parent =
        start(
            PYTHON,
            "-c",
            """
            import socket, subprocess, sys
            socket.create_server(('127.0.0.1', 0))
            script = sys.argv[2] + '/chil' 'd.py' # not in our own arguments
            child = subprocess.Popen(['/bin/sh', '-c', 'exec "$0" "$1"', sys.argv[1], script])
            print(child.pid, flush=True)
            child.wait()
            """,
            PYTHON,
            dir.toString());
    BufferedReader printed = parent.inputReader();
    int child = Integer.parseInt(printed.readLine());
    try (RingBuffer ring = new RingBuffer(context.map("ring"), RING_BYTES)) {
      int port = Integer.parseInt(printed.readLine());
      exchange(port);
      take(ring);
      int decisions = 0;
      for (ByteBuffer next = told.poll(); next != null; next = told.poll()) {
        decide(targets, next);
        decisions++;
        exchange(port);
        take(ring);
      }
      assertThat(targets.decision(child).selected()).isTrue();
      assertThat(targets.decision((int) parent.pid()).selected()).isFalse();
      assertThat(decisions).isGreaterThan(5); // exec, listen, fork, exec, exec, listen
      assertThat(moved.stream().filter(new Moved(child, RX)::equals)).hasSize(1 + decisions);
    } finally {
      ProcessHandle.of(child).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  /** As systemd starts a service at its first connection. */
  @Test
  void whatAnObservedProgramIsHandedToListenToIsItsOwn() throws Exception {
    Targets targets = targets("cmd_args=*child.py*");
    Files.writeString(
        dir.resolve("child.py"),
        """
        import socket
        listener = socket.socket(fileno=0)
        while True:
            c, _ = listener.accept()
            c.send(c.recv(9))
            c.close()
        """);
    Process parent =
        start(
            PYTHON,
            "-c",
            """
            import socket, subprocess, sys
            print('executed', flush=True)
            sys.stdin.readline()
            listener = socket.create_server(('127.0.0.1', 0))
            script = sys.argv[1] + '/chil' 'd.py' # not in our own arguments
            child = subprocess.Popen([sys.executable, script], stdin=listener)
            print(child.pid, listener.getsockname()[1], sep='\\n', flush=True)
            child.wait()
            """,
            dir.toString());
    BufferedReader printed = parent.inputReader();
    assertThat(printed.readLine()).isEqualTo("executed");
    try (RingBuffer ring = new RingBuffer(context.map("ring"), RING_BYTES)) {
      decideAll(targets, ring);
      go(parent);
      int child = Integer.parseInt(printed.readLine());
      int port = Integer.parseInt(printed.readLine());
      try {
        exchange(port);
        decideAll(targets, ring);
        assertThat(targets.decision(child).selected()).isTrue();
        assertThat(moved).as("before it was decided upon").isEmpty();

        exchange(port);
        exchange(port);
        take(ring);
        assertThat(moved.stream().filter(new Moved(child, RX)::equals)).hasSize(2);
      } finally {
        ProcessHandle.of(child).ifPresent(ProcessHandle::destroyForcibly);
      }
    }
  }

  @Test
  void connectionsThatAProgramOpenedBeforeItListenedAreItsOwn() throws Exception {
    Targets targets = targets("open_ports=1-65535");
    try (ServerSocket upstream = new ServerSocket(0);
        RingBuffer ring = new RingBuffer(context.map("ring"), RING_BYTES)) {
      Process server =
          start(
              PYTHON,
              "-c",
              """
              import socket, sys
              print('executed', flush=True)
              sys.stdin.readline()
              upstream = socket.create_connection(('localhost', int(sys.argv[1])))
              upstream.send(b'early')
              listener = socket.create_server(('127.0.0.1', 0))
              print('listening', flush=True)
              sys.stdin.readline()
              upstream.send(b'later')
              print('sent', flush=True)
              sys.stdin.readline()
              """,
              Integer.toString(upstream.getLocalPort()));
      BufferedReader printed = server.inputReader();
      assertThat(printed.readLine()).isEqualTo("executed");
      decideAll(targets, ring);
      go(server);
      assertThat(printed.readLine()).isEqualTo("listening");
      decideAll(targets, ring);
      assertThat(targets.decision((int) server.pid()).selected()).isTrue();

      go(server);
      assertThat(printed.readLine()).isEqualTo("sent");
      take(ring);
      assertThat(moved).contains(new Moved((int) server.pid(), TX));
    }
  }

  private void decideAll(Targets targets, RingBuffer ring) throws BpfException {
    take(ring);
    for (ByteBuffer next = told.poll(); next != null; next = told.poll()) {
      decide(targets, next);
    }
  }

  /**
   * @param criteria of one rule
   */
  private Targets targets(String... criteria) throws Exception {
    String rule = "with." + String.join("\nwith.", criteria);
    Selection selection =
        CaptureOptions.read(
                new BufferedReader(
                    new StringReader("socket=/s\ninstrument=one\n" + rule + "\nend\n")))
            .orElseThrow()
            .selection();
    Targets.writePorts(selection, context.map("ports"));
    return new Targets(
        selection,
        new TargetTable(context),
        probes.existing(),
        FileTracking.OFF,
        new ProcFs(),
        (int) ProcessHandle.current().pid());
  }

  private void take(RingBuffer ring) {
    ring.drain(
        (data, offset, length) -> {
          int kind = data.getShort(offset + RecordLayout.Header.KIND);
          if (kind >= ProcessRecord.EXEC) {
            byte[] copy = new byte[length];
            data.get(offset, copy);
            told.add(ByteBuffer.wrap(copy).order(ByteOrder.nativeOrder()));
          } else if (kind == RecordLayout.Kind.ACTIVITY
              && data.getInt(offset + RecordLayout.Activity.BYTES) > 0) {
            moved.add(
                new Moved(
                    data.getInt(offset + RecordLayout.Header.TGID),
                    data.get(offset + RecordLayout.Activity.DIRECTION)));
          }
          return true;
        });
  }

  private static void decide(Targets targets, ByteBuffer record) throws BpfException {
    ProcessRecord process = new ProcessRecord(record, 0);
    switch (record.getShort(RecordLayout.Header.KIND)) {
      case ProcessRecord.EXEC -> targets.executed(process, false);
      case ProcessRecord.FORK -> targets.forked(process);
      case ProcessRecord.LISTEN -> targets.listening(process);
      case ProcessRecord.EXIT -> targets.exited(process.pid());
      default -> throw new AssertionError("no such record is written here");
    }
  }

  private static void exchange(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write('?');
      assertThat(socket.getInputStream().read()).isEqualTo('?');
    }
  }
}
