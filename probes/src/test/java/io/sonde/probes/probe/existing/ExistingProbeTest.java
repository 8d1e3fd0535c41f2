package io.sonde.probes.probe.existing;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.contract.RecordLayout;
import io.sonde.probes.probe.CapturedRecord;
import io.sonde.probes.probe.ProbeKit;
import java.io.BufferedReader;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExistingProbeTest extends ProbeKit {
  private static final int IPPROTO_MPTCP = 262;

  /** Listens, connects to itself, then waits; both ends exist before anything is selected. */
  private static String openBefore(int protocol) {
    return """
        import socket, os
        l = socket.socket(socket.AF_INET, socket.SOCK_STREAM, %d); l.bind(('127.0.0.1', 0)); l.listen()
        port = l.getsockname()[1]
        c = socket.create_connection(('127.0.0.1', port)); s, _ = l.accept()
        print(port, flush=True); sys.stdin.readline()
        c.send(b'old'); s.recv(9)
        c2 = socket.create_connection(('127.0.0.1', port)); s2, _ = l.accept()
        c2.send(b'new'); s2.recv(9)
        """
        .formatted(protocol);
  }

  private List<CapturedRecord> runSelectedByPort(int protocol) throws Exception {
    Process process = python(openBefore(protocol));
    go(process);
    BufferedReader out = process.inputReader();
    selectPort(Integer.parseInt(out.readLine()));
    go(process);
    assertThat(process.waitFor()).isZero();
    return List.copyOf(records());
  }

  private static List<String> received(List<CapturedRecord> records) {
    return records.stream()
        .filter(r -> r.is(RecordLayout.Kind.ACTIVITY) && r.direction() == RecordLayout.Direction.RX)
        .map(CapturedRecord::data)
        .toList();
  }

  @Test
  void connectionsOpenedBeforeAndAfterTheSelectionAreCaptured() throws Exception {
    List<CapturedRecord> records = runSelectedByPort(0);
    assertThat(received(records)).containsExactly("old", "new");
    assertThat(records.stream().filter(CapturedRecord::announces))
        .extracting(CapturedRecord::role)
        .containsExactly(
            RecordLayout.Role.UNKNOWN, // the old client end: its bytes will tell
            RecordLayout.Role.SERVER,
            RecordLayout.Role.CLIENT,
            RecordLayout.Role.SERVER);
  }

  @Test
  void plainClientsOfAnMptcpListenerThatWasThereBeforeAreCaptured() throws Exception {
    assertThat(received(runSelectedByPort(IPPROTO_MPTCP))).containsExactly("old", "new");
  }

  @Test
  void connectionsThatReallyAreMptcpAreCaptured() throws Exception {
    Process process =
        python(
            """
            import socket
            l = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262); l.bind(('127.0.0.1', 0)); l.listen()
            c = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262); c.connect(l.getsockname()); s, _ = l.accept()
            c.send(b'question'); s.recv(9); s.send(b'answer'); c.recv(9)
            c.close(); s.close()
            """);
    select(process.pid());
    finish(process);
    List<CapturedRecord> activities = activities();
    assertThat(activities)
        .extracting(CapturedRecord::data)
        .containsExactly("question", "question", "answer", "answer");
    assertThat(records().stream().filter(CapturedRecord::announces))
        .extracting(CapturedRecord::role)
        .containsExactlyInAnyOrder(RecordLayout.Role.SERVER, RecordLayout.Role.CLIENT);
  }

  @Test
  void aWorkerForkedBeforeTheSelectionIsFoundByTheListenerItInherited() throws Exception {
    Process process =
        python(
            """
            import socket, os
            l = socket.socket(); l.bind(('127.0.0.1', 0)); l.listen()
            r, w = os.pipe()
            if os.fork() == 0:
                os.write(w, b'x'); s, _ = l.accept(); s.recv(99); os._exit(0)
            os.read(r, 1)
            print(l.getsockname()[1], flush=True); sys.stdin.readline()
            c = socket.create_connection(l.getsockname()); c.send(b'to the worker'); os.wait()
            """);
    go(process);
    selectPort(Integer.parseInt(process.inputReader().readLine()));
    go(process);
    assertThat(process.waitFor()).isZero();
    assertThat(received(records())).containsExactly("to the worker");
  }
}
