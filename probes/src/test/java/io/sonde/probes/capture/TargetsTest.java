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
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** Real processes do things, and are decided upon later: one record after the other. */
class TargetsTest extends ProbeKit {
  private static final int RING_BYTES = 1024 * 1024;

  private final Queue<ByteBuffer> told = new ArrayDeque<>();
  private int receivedByChild;

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
    Selection selection =
        CaptureOptions.read(
                new BufferedReader(
                    new StringReader(
                        "socket=/s\ninstrument=one\nwith.languages=python\nwith.cmd_args=*child.py*\nend\n")))
            .orElseThrow()
            .selection();
    Targets targets =
        new Targets(
            selection,
            new TargetTable(context),
            probes.existing(),
            FileTracking.OFF,
            new ProcFs(),
            (int) ProcessHandle.current().pid());
    Targets.writePorts(selection, context.map("ports"));
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
      take(ring, child);
      int decisions = 0;
      for (ByteBuffer next = told.poll(); next != null; next = told.poll()) {
        decide(targets, next);
        decisions++;
        exchange(port);
        take(ring, child);
      }
      assertThat(targets.decision(child).selected()).isTrue();
      assertThat(targets.decision((int) parent.pid()).selected()).isFalse();
      assertThat(decisions).isGreaterThan(5); // exec, listen, fork, exec, exec, listen
      assertThat(receivedByChild).isEqualTo(1 + decisions);
    } finally {
      ProcessHandle.of(child).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  private void take(RingBuffer ring, int child) {
    ring.drain(
        (data, offset, length) -> {
          int kind = data.getShort(offset + RecordLayout.Header.KIND);
          if (kind >= ProcessRecord.EXEC) {
            byte[] copy = new byte[length];
            data.get(offset, copy);
            told.add(ByteBuffer.wrap(copy).order(ByteOrder.nativeOrder()));
          } else if (kind == RecordLayout.Kind.ACTIVITY
              && data.getInt(offset + RecordLayout.Header.TGID) == child
              && data.get(offset + RecordLayout.Activity.DIRECTION) == 0
              && data.getInt(offset + RecordLayout.Activity.BYTES) > 0) {
            receivedByChild++;
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
