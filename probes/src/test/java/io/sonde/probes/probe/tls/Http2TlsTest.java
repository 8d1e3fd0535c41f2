package io.sonde.probes.probe.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.contract.CaptureCounter;
import io.sonde.contract.RecordLayout.Direction;
import io.sonde.contract.RecordLayout.Flag;
import io.sonde.probes.probe.CapturedRecord;
import io.sonde.probes.probe.Fragments;
import io.sonde.probes.probe.FrameStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Http2TlsTest extends TlsKit {
  /** Sizes of reads: all there is, what a library of HTTP/2 asks for, anything. */
  @ParameterizedTest
  @ValueSource(
      strings = {"1 << 20", "random.choice((9, 9, 16384))", "random.choice((1, 30, 5000))"})
  void everythingButBodiesIsCapturedOfATlsSession(String size) throws Exception {
    FrameStream requests = new FrameStream(new Random(17)).preface();
    requests.frame(FrameStream.SETTINGS, 0, 0, 18).anything(60);
    FrameStream answers = new FrameStream(new Random(18));
    answers.frame(FrameStream.SETTINGS, 0, 0, 12).anything(60);
    Files.write(dir.resolve("requests"), requests.bytes());
    Files.write(dir.resolve("answers"), answers.bytes());
    Process process =
        python(
            tls()
                + """
                import random
                random.seed(11)
                here = os.path.dirname(__file__)
                def content(name):
                    with open(os.path.join(here, name), 'rb') as f: return f.read()
                def receive(s, n):
                    n -= len(s.recv(24)) if n > 24 else 0
                    while n > 0: n -= len(s.recv(min(n, %s)))
                l = listener()
                def serve():
                    with server_context.wrap_socket(l.accept()[0], server_side=True) as s:
                        receive(s, len(content('requests'))); s.sendall(content('answers')); s.recv(1)
                t = threading.Thread(target=serve); t.start()
                with client_context.wrap_socket(socket.create_connection(l.getsockname())) as c:
                    d = content('requests'); c.sendall(d[:24]); c.sendall(d[24:])
                    receive(c, len(content('answers')))
                t.join()
                """
                    .formatted(size));
    hookOpenSsl();
    select(process.pid());
    finish(process);

    List<CapturedRecord> told = plaintext().stream().filter(r -> r.bytes() > 0).toList();
    assertThat(counter(CaptureCounter.HTTP2_LOST)).isZero();
    assertThat(counter(CaptureCounter.RING_FULL)).isZero();
    assertThat(told).allMatch(r -> r.has(Flag.FRAGMENTS));
    int client =
        told.stream()
            .filter(r -> r.direction() == Direction.TX)
            .findFirst()
            .orElseThrow()
            .session();
    for (int direction : new int[] {Direction.TX, Direction.RX}) {
      List<CapturedRecord> ofClient = told.stream().filter(r -> r.session() == client).toList();
      List<CapturedRecord> ofServer = told.stream().filter(r -> r.session() != client).toList();
      FrameStream byClient = direction == Direction.TX ? requests : answers;
      FrameStream byServer = direction == Direction.TX ? answers : requests;
      assertThat(Fragments.captured(ofClient, direction, byClient.bytes()))
          .isEqualTo(byClient.wanted());
      assertThat(Fragments.captured(ofServer, direction, byServer.bytes()))
          .isEqualTo(byServer.wanted());
    }
  }
}
