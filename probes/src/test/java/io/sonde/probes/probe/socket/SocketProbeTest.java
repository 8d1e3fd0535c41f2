package io.sonde.probes.probe.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.contract.CaptureCounter;
import io.sonde.contract.RecordLayout;
import io.sonde.probes.probe.CapturedRecord;
import io.sonde.probes.probe.ProbeKit;
import io.sonde.probes.probe.ProbeStatus;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SocketProbeTest extends ProbeKit {
  private static final int LISTEN = 19;

  /**
   * One process talks to itself over a loopback connection: c is the client's end, s the server's.
   */
  private static final String PAIR =
      """
      import socket, os, ctypes, array
      def pair(family=socket.AF_INET, host='127.0.0.1'):
          l = socket.socket(family); l.bind((host, 0)); l.listen(8)
          c = socket.create_connection(l.getsockname()[:2])
          s, _ = l.accept()
          return c, s
      """;

  private static final String CTYPES =
      """
      libc = ctypes.CDLL(None, use_errno=True)
      class iovec(ctypes.Structure): _fields_ = [('base', ctypes.c_void_p), ('len', ctypes.c_size_t)]
      class msghdr(ctypes.Structure):
          _fields_ = [('name', ctypes.c_void_p), ('namelen', ctypes.c_uint), ('iov', ctypes.POINTER(iovec)),
              ('iovlen', ctypes.c_size_t), ('control', ctypes.c_void_p), ('controllen', ctypes.c_size_t), ('flags', ctypes.c_int)]
      class mmsghdr(ctypes.Structure): _fields_ = [('hdr', msghdr), ('len', ctypes.c_uint)]
      def mmsg(buffers):
          v = (mmsghdr * len(buffers))()
          for i, b in enumerate(buffers):
              iov = (iovec * 1)(iovec(ctypes.cast(b, ctypes.c_void_p), len(b)))
              v[i].hdr.iov = iov; v[i].hdr.iovlen = 1
          return v
      """;

  private List<CapturedRecord> run(String program) throws Exception {
    Process process = python(PAIR + program);
    select(process.pid());
    finish(process);
    return activities();
  }

  private static String received(List<CapturedRecord> records) {
    return joined(records, RecordLayout.Direction.RX);
  }

  private static String sent(List<CapturedRecord> records) {
    return joined(records, RecordLayout.Direction.TX);
  }

  private static String joined(List<CapturedRecord> records, int direction) {
    StringBuilder text = new StringBuilder();
    records.stream()
        .filter(r -> r.direction() == direction && r.bytes() > 0)
        .forEach(r -> text.append(r.data()));
    return text.toString();
  }

  @Test
  void everyProbeAttachesToThisKernel() {
    assertThat(probes.statuses())
        .extracting(ProbeStatus::name)
        .containsExactly("socket", "arrival", "process", "existing", "sweep", "goroutine");
    assertThat(probes.statuses()).allMatch(ProbeStatus::attached);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          write and read        | os.write(c.fileno(), b'hello '); os.write(c.fileno(), b'world') | os.read(s.fileno(), 99)
          sendto and recvfrom   | c.send(b'hello world')                                         | s.recv(99)
          writev and readv      | os.writev(c.fileno(), [b'hel', b'', b'lo ', b'world'])          | os.readv(s.fileno(), [bytearray(4), bytearray(90)])
          sendmsg and recvmsg   | c.sendmsg([b'hello', b' wor', b'ld'])                           | s.recvmsg(99)
          """)
  void everySystemCallIsCaptured(String name, String send, String receive) throws Exception {
    List<CapturedRecord> records = run("c, s = pair()\n" + send + "\n" + receive + "\n");
    assertThat(sent(records)).isEqualTo("hello world");
    assertThat(received(records)).isEqualTo("hello world");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          read      | os.read(s.fileno(), 99)
          recvfrom  | s.recv(99)
          readv     | os.readv(s.fileno(), [bytearray(99)])
          recvmsg   | s.recvmsg(99)
          """)
  void aReadTellsWhetherItWouldHaveWaited(String name, String receive) throws Exception {
    List<CapturedRecord> records =
        run(
            """
            c, s = pair()
            for blocking in (True, False, True):
                s.setblocking(blocking)
                c.send(b'x')
                %s
            c.send(b'x')
            s.recv(99, socket.MSG_DONTWAIT)
            """
                .formatted(receive));
    assertThat(records)
        .filteredOn(r -> r.direction() == RecordLayout.Direction.RX && r.bytes() > 0)
        .extracting(r -> r.has(RecordLayout.Flag.WAITS))
        .containsExactly(true, false, true, false);
    assertThat(records)
        .filteredOn(r -> r.direction() == RecordLayout.Direction.TX)
        .noneMatch(r -> r.has(RecordLayout.Flag.WAITS));
  }

  @Test
  void aReadTellsWhetherAllOfItArrivedAtOnce() throws Exception {
    List<CapturedRecord> records =
        run(
            """
            c, s = pair()
            c.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            c.send(b'1234'); s.recv(2); s.recv(99)
            c.send(b'12'); c.send(b'34'); s.recv(3); s.recv(99)
            c.send(b'1234'); s.recv(99)
            """);
    assertThat(records)
        .filteredOn(r -> r.direction() == RecordLayout.Direction.RX && r.bytes() > 0)
        .extracting(r -> r.has(RecordLayout.Flag.AT_ONCE))
        .containsExactly(true, true, false, false, true);
  }

  @Test
  void everyMessageOfSendmmsgAndRecvmmsgIsCapturedOnce() throws Exception {
    List<CapturedRecord> records =
        run(
            CTYPES
                + """
                c, s = pair()
                out = [ctypes.create_string_buffer(t, len(t)) for t in (b'first ', b'second ', b'third')]
                assert libc.sendmmsg(c.fileno(), mmsg(out), 3, 0) == 3
                into = [ctypes.create_string_buffer(n) for n in (6, 7, 5)]
                assert libc.recvmmsg(s.fileno(), mmsg(into), 3, 0, None) == 3
                """);
    assertThat(sent(records)).isEqualTo("first second third");
    assertThat(received(records)).isEqualTo("first second third");
  }

  @Test
  void peekedBytesAreNotReadTwice() throws Exception {
    List<CapturedRecord> records =
        run(
            """
            c, s = pair()
            c.send(b'hello world')
            s.recv(11, socket.MSG_PEEK); s.recv(5); s.recv(99)
            """);
    assertThat(received(records)).isEqualTo("hello world");
    assertThat(records.stream().filter(r -> r.direction() == RecordLayout.Direction.RX)).hasSize(2);
  }

  @Test
  void twentyThreeWritesAreTwentyThreeRecordsWithoutAHole() throws Exception {
    List<CapturedRecord> records = run("c, s = pair()\nfor i in range(23): c.send(b'%02d' % i)\n");
    assertThat(records).hasSize(23);
    assertThat(records)
        .extracting(CapturedRecord::sequence)
        .containsExactlyElementsOf(java.util.stream.IntStream.range(0, 23).boxed().toList());
    assertThat(records)
        .extracting(CapturedRecord::txOffset)
        .containsExactlyElementsOf(
            java.util.stream.LongStream.range(0, 23).map(i -> 2 * i).boxed().toList());
  }

  @Test
  void bytesOverTheBudgetAreCountedWithTheirLastBytesAndNoRecordOfTheirOwn() throws Exception {
    Process process =
        python(
            PAIR
                + """
                c, s = pair()
                for i in range(100): s.send(b'x' * 100)
                s.send(b'end0\\r\\n\\r\\n')
                sys.stdin.readline()
                """);
    select(process.pid());
    go(process);
    List<CapturedRecord> all =
        awaitRecords(records -> records.stream().anyMatch(r -> r.has(RecordLayout.Flag.SUMMARY)));
    List<CapturedRecord> told = all.stream().filter(r -> r.is(RecordLayout.Kind.ACTIVITY)).toList();
    assertThat(sent(told)).hasSize(1024);
    CapturedRecord summary = told.get(told.size() - 1);
    assertThat(summary.txOffset()).isEqualTo(10_008);
    assertThat(summary.txTail()).isEqualTo("end0\r\n\r\n");
    finish(process);
  }

  @Test
  void sendfileIsCountedWithoutBytes() throws Exception {
    List<CapturedRecord> records =
        run(
            """
            c, s = pair()
            f = os.open(__file__, os.O_RDONLY)
            s.send(b'head'); n = os.sendfile(s.fileno(), f, 0, 100)
            assert n == 100
            """);
    assertThat(records).extracting(CapturedRecord::bytes).containsExactly(4, 100);
    assertThat(records.get(1).has(RecordLayout.Flag.NO_DATA)).isTrue();
    assertThat(records.get(1).data()).isEmpty();
  }

  @Test
  void spliceIntoASocketIsCountedWithoutBytes() throws Exception {
    List<CapturedRecord> records =
        run(
            """
            c, s = pair()
            r, w = os.pipe(); os.write(w, b'x' * 50)
            assert os.splice(r, s.fileno(), 50) == 50
            """);
    assertThat(records)
        .singleElement()
        .matches(r -> r.has(RecordLayout.Flag.NO_DATA) && r.bytes() == 50);
  }

  @Test
  void ioUringIsCountedWithoutBytes() throws Exception {
    String program = dir.resolve("uring").toString();
    assertThat(start("gcc", "-Wall", "-o", program, "src/test/c/uring.c").waitFor()).isZero();
    Process process = start(program);
    select(process.pid());
    finish(process);
    List<CapturedRecord> records = activities();
    assertThat(records).extracting(CapturedRecord::bytes).containsExactly(5, 5);
    assertThat(records)
        .extracting(CapturedRecord::direction)
        .containsExactly(RecordLayout.Direction.TX, RecordLayout.Direction.RX);
    assertThat(records).allMatch(r -> r.has(RecordLayout.Flag.NO_DATA) && r.data().isEmpty());
    assertThat(context.map("counters").perCpuSum(CaptureCounter.IO_URING.index())).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"AF_INET,127.0.0.1", "AF_INET6,::1"})
  void bothEndsOfAConnectionKnowTheirSide(String family, String host) throws Exception {
    Process process =
        python(
            PAIR
                + "c, s = pair(socket."
                + family
                + ", '"
                + host
                + "')\nc.send(b'q'); s.recv(1); print(s.getsockname()[1])\n");
    select(process.pid());
    int port = Integer.parseInt(finish(process).strip());
    List<CapturedRecord> connections =
        records().stream().filter(CapturedRecord::announces).toList();
    assertThat(connections).hasSize(2);
    assertThat(connections)
        .filteredOn(r -> r.role() == RecordLayout.Role.SERVER)
        .singleElement()
        .matches(r -> r.localPort() == port);
    assertThat(connections)
        .filteredOn(r -> r.role() == RecordLayout.Role.CLIENT)
        .singleElement()
        .matches(r -> r.remotePort() == port);
  }

  /** Everything up to both closes, after 3 bytes from one end to the other. */
  private List<CapturedRecord> ofTwoEndsThatClose() throws Exception {
    Process process =
        python(PAIR + "c, s = pair()\nc.send(b'abc'); s.recv(9); c.close(); s.close()\n");
    select(process.pid());
    finish(process);
    return awaitRecords(
        records -> records.stream().filter(r -> r.is(RecordLayout.Kind.CLOSED)).count() == 2);
  }

  @Test
  void theCloseIsToldOnceWithTotals() throws Exception {
    List<CapturedRecord> closed =
        ofTwoEndsThatClose().stream().filter(r -> r.is(RecordLayout.Kind.CLOSED)).toList();
    assertThat(closed).extracting(r -> r.rxOffset() + r.txOffset()).containsExactly(3L, 3L);
    assertThat(closed).noneMatch(r -> r.has(RecordLayout.Flag.RESET));
    assertThat(closed).filteredOn(r -> r.has(RecordLayout.Flag.LOCAL_CLOSE)).hasSize(1);
  }

  @Test
  void theCloseComesWithTheIdentityThatWasAnnounced() throws Exception {
    List<CapturedRecord> all = ofTwoEndsThatClose();
    List<CapturedRecord> closing =
        all.stream().filter(r -> r.has(RecordLayout.Flag.CLOSING)).toList();
    assertThat(closing).hasSize(2);
    for (CapturedRecord identity : closing) {
      assertThat(all)
          .filteredOn(r -> r.announces() && r.connection() == identity.connection())
          .singleElement()
          .matches(r -> r.role() == identity.role() && r.pid() == identity.pid())
          .matches(r -> r.localPort() == identity.localPort() && r.localPort() != 0)
          .matches(r -> r.remotePort() == identity.remotePort() && r.remotePort() != 0);
    }
  }

  @Test
  void aResetIsToldAsSuch() throws Exception {
    Process process =
        python(
            PAIR
                + """
                import struct
                c, s = pair()
                c.send(b'abc'); s.recv(3)
                c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0)); c.close()
                """);
    select(process.pid());
    finish(process);
    List<CapturedRecord> all =
        awaitRecords(
            records -> records.stream().filter(r -> r.is(RecordLayout.Kind.CLOSED)).count() == 2);
    assertThat(all)
        .filteredOn(r -> r.is(RecordLayout.Kind.CLOSED) && r.has(RecordLayout.Flag.RESET))
        .isNotEmpty();
    assertThat(all)
        .filteredOn(r -> r.is(RecordLayout.Kind.CLOSED) && r.has(RecordLayout.Flag.LOCAL_CLOSE))
        .singleElement()
        .matches(r -> r.txOffset() == 3);
  }

  @Test
  void aWriteThatProvokesAResetIsToldBeforeTheClose() throws Exception {
    Process process =
        python(
            PAIR
                + """
                c, s = pair()
                c.send(b'question'); s.recv(9)
                c.close()
                s.send(b'answer to nobody')
                """);
    select(process.pid());
    finish(process);
    List<CapturedRecord> all =
        awaitRecords(
            records -> records.stream().filter(r -> r.is(RecordLayout.Kind.CLOSED)).count() == 2);
    CapturedRecord answer =
        all.stream().filter(r -> r.data().equals("answer to nobody")).findFirst().orElseThrow();
    List<CapturedRecord> sameConnection =
        all.stream().filter(r -> r.connection() == answer.connection()).toList();
    CapturedRecord last = sameConnection.get(sameConnection.size() - 1);
    assertThat(last.is(RecordLayout.Kind.CLOSED)).isTrue();
    assertThat(last.has(RecordLayout.Flag.RESET)).isTrue();
    assertThat(last.txOffset()).isEqualTo(16);
  }

  @Test
  void whatIsReadAfterBothEndsHaveClosedIsToldBeforeTheClose() throws Exception {
    List<CapturedRecord> records =
        run(
            """
            c, s = pair()
            c.shutdown(socket.SHUT_WR); s.send(b'late'); s.close()
            import time; time.sleep(0.1)
            c.recv(2); c.recv(2); c.recv(1)
            """);
    assertThat(received(records)).isEqualTo("late");
    List<CapturedRecord> all = records();
    assertThat(all.stream().filter(r -> r.is(RecordLayout.Kind.CLOSED))).hasSize(2);
    long reader =
        records.stream()
            .filter(r -> r.direction() == RecordLayout.Direction.RX)
            .findFirst()
            .orElseThrow()
            .connection();
    List<CapturedRecord> ofReader = all.stream().filter(r -> r.connection() == reader).toList();
    CapturedRecord last = ofReader.get(ofReader.size() - 1);
    assertThat(last.is(RecordLayout.Kind.CLOSED)).isTrue();
    assertThat(last.rxOffset()).isEqualTo(4);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          before the other end | c.send(b'unread'); s.close(); c.close()
          after the other end  | c.shutdown(socket.SHUT_WR); s.send(b'late'); s.close(); c.close()
          """)
  void theCloseOfWhatIsNeverReadIsToldOnce(String name, String ends) throws Exception {
    Process process = python(PAIR + "c, s = pair()\ns.send(b'some'); c.recv(4)\n" + ends + "\n");
    select(process.pid());
    finish(process);
    List<CapturedRecord> closed =
        awaitRecords(
                records ->
                    records.stream().filter(r -> r.is(RecordLayout.Kind.CLOSED)).count() >= 2)
            .stream()
            .filter(r -> r.is(RecordLayout.Kind.CLOSED))
            .toList();
    assertThat(closed).extracting(CapturedRecord::connection).doesNotHaveDuplicates().hasSize(2);
    assertThat(closed).filteredOn(r -> r.has(RecordLayout.Flag.LOCAL_CLOSE)).hasSize(1);
  }

  @Test
  void theTimeOfArrivalIsTheSocketsNotTheReaders() throws Exception {
    List<CapturedRecord> records =
        run("import time\nc, s = pair()\nc.send(b'abc'); time.sleep(0.2); s.recv(3)\n");
    CapturedRecord read =
        records.stream()
            .filter(r -> r.direction() == RecordLayout.Direction.RX)
            .findFirst()
            .orElseThrow();
    assertThat(read.timeNs() - read.arrivedNs()).isBetween(195_000_000L, 400_000_000L);
  }

  @Test
  void aProcessThatIsNotSelectedLeavesNoRecord() throws Exception {
    finish(python(PAIR + "c, s = pair()\nc.send(b'abc'); s.recv(3)\n"));
    assertThat(records()).isEmpty();
  }

  @Test
  void aForkedChildAndAReceiverOfTheDescriptorGoOnBeingCaptured() throws Exception {
    List<CapturedRecord> records =
        run(
            """
            c, s = pair()
            c.send(b'one')
            if os.fork() == 0:
                s.recv(9); os._exit(0)
            os.wait()
            c.send(b'two')
            a, b = socket.socketpair()
            if os.fork() == 0:
                fds = socket.recv_fds(b, 1, 1)[1]
                os.read(fds[0], 9); os._exit(0)
            socket.send_fds(a, [b'x'], [s.fileno()]); os.wait()
            """);
    assertThat(received(records)).isEqualTo("onetwo");
    assertThat(records.stream().map(CapturedRecord::pid).distinct()).hasSize(3);
  }

  @Test
  void whoBeginsToListenOnAPortOfARuleIsToldAndHeldAsPending() throws Exception {
    Process server =
        python(
            """
            import socket
            l = socket.socket(); l.bind(('127.0.0.1', 0)); port = l.getsockname()[1]
            print(port, flush=True); sys.stdin.readline()
            l.listen(); c = socket.create_connection(('127.0.0.1', port)); s, _ = l.accept()
            c.send(b'first'); s.recv(9)
            """);
    go(server);
    int port = Integer.parseInt(server.inputReader().readLine());
    nameInARule(port);
    go(server);
    server.waitFor();
    assertThat(records().stream().filter(r -> r.is(LISTEN)))
        .singleElement()
        .returns((int) server.pid(), CapturedRecord::pid);
    assertThat(activities()).allMatch(r -> r.has(RecordLayout.Flag.PENDING));
    assertThat(received(activities())).isEqualTo("first");
    assertThat(sent(activities())).isEqualTo("first");
  }
}
