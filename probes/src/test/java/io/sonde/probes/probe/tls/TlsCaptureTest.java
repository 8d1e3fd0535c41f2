package io.sonde.probes.probe.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.contract.CaptureCounter;
import io.sonde.contract.RecordLayout;
import io.sonde.contract.RecordLayout.Direction;
import io.sonde.contract.RecordLayout.Flag;
import io.sonde.contract.RecordLayout.Kind;
import io.sonde.contract.RecordLayout.Match;
import io.sonde.probes.bpf.BpfMap;
import io.sonde.probes.probe.CapturedRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TlsCaptureTest extends TlsKit {
  private static final int TLS_SEEN = 20;

  /** Bits of struct tls_process. */
  private static final long OFF = 4;

  /** Answers each line with the same line, on blocking sockets, a thread for each connection. */
  private static final String ECHO =
      """
      def echo(s):
          with server_context.wrap_socket(s, server_side=True) as s:
              while True:
                  d = s.recv(65536)
                  if not d: return
                  s.sendall(b'echo ' + d)
      l = listener()
      def serve():
          while True: threading.Thread(target=echo, args=(l.accept()[0],), daemon=True).start()
      threading.Thread(target=serve, daemon=True).start()
      def connect(): return client_context.wrap_socket(socket.create_connection(l.getsockname()))
      """;

  /** The same with asyncio, which hands its TLS the bytes it reads itself. */
  private static final String ASYNC_ECHO =
      """
      async def echo(r, w):
          while d := await r.readline():
              w.write(b'echo ' + d); await w.drain()
          w.close()
      async def listen():
          s = await asyncio.start_server(echo, '127.0.0.1', 0, ssl=server_context)
          return s.sockets[0].getsockname()[1]
      async def connect(port): return await asyncio.open_connection('127.0.0.1', port, ssl=client_context)
      async def ask(r, w, line):
          w.write(line + b'\\n'); assert await r.readline() == b'echo ' + line + b'\\n'
      """;

  private List<CapturedRecord> run(String program) throws Exception {
    Process process = python(tls() + program);
    hookOpenSsl();
    select(process.pid());
    finish(process);
    return List.copyOf(records());
  }

  @Test
  void whatAProgramReadsAndWritesOverTlsIsToldOfItsConnection() throws Exception {
    List<CapturedRecord> records =
        run(
            ECHO
                + """
                for word in (b'one', b'two'):
                    with connect() as c:
                        for i in range(3): c.sendall(word + b'%d ' % i); c.recv(99)
                """);
    assertThat(records).filteredOn(r -> r.is(Kind.ACTIVITY)).isEmpty();
    assertThat(conversations(records).values())
        .containsExactlyInAnyOrder(
            ">one0 <echo one0 >one1 <echo one1 >one2 <echo one2 ",
            "<one0 >echo one0 <one1 >echo one1 <one2 >echo one2 ",
            ">two0 <echo two0 >two1 <echo two1 >two2 <echo two2 ",
            "<two0 >echo two0 <two1 >echo two1 <two2 >echo two2 ");
    for (CapturedRecord connection : records.stream().filter(CapturedRecord::announces).toList()) {
      List<CapturedRecord> own = ofConnection(records, connection);
      assertThat(own.get(0)).isEqualTo(connection);
      assertThat(own.get(1)).matches(r -> r.has(Flag.SUMMARY) && r.rxOffset() + r.txOffset() == 0);
      assertThat(own.get(own.size() - 1)).matches(r -> r.is(Kind.CLOSED));
      List<CapturedRecord> plain = own.stream().filter(r -> r.is(Kind.PLAINTEXT)).toList();
      assertThat(plain).extracting(CapturedRecord::session).containsOnly(plain.get(0).session());
      assertThat(plain).extracting(CapturedRecord::match).containsOnly(Match.IO);
      assertThat(plain)
          .extracting(CapturedRecord::sequence)
          .containsExactlyElementsOf(IntStream.range(0, plain.size()).boxed().toList());
      assertThat(plain)
          .filteredOn(r -> r.bytes() > 0 && r.direction() == Direction.RX)
          .allMatch(r -> r.arrivedNs() > 0 && r.arrivedNs() <= r.timeNs())
          .allMatch(r -> r.has(Flag.WAITS));
    }
  }

  private static List<CapturedRecord> ofConnection(
      List<CapturedRecord> records, CapturedRecord connection) {
    return records.stream().filter(r -> r.connection() == connection.connection()).toList();
  }

  @Test
  void twoConnectionsInTurnsOnOneThreadAreKeptApart() throws Exception {
    List<CapturedRecord> records =
        run(
            ECHO
                + """
                a, b = connect(), connect()
                for i in range(3):
                    a.sendall(b'a%d ' % i); b.sendall(b'b%d ' % i); b.recv(99); a.recv(99)
                """);
    assertThat(conversations(records).values())
        .contains(
            ">a0 <echo a0 >a1 <echo a1 >a2 <echo a2 ", ">b0 <echo b0 >b1 <echo b1 >b2 <echo b2 ");
  }

  @Test
  void bytesHandedToALibraryAreMatchedByTheThreadThatReceivedThem() throws Exception {
    Process process =
        python(
            tls()
                + ASYNC_ECHO
                + """
                async def client(port, n):
                    r, w = await connect(port)
                    for i in range(20): await ask(r, w, b'%d is from %d' % (i, w.get_extra_info('sockname')[1]))
                    w.close(); await w.wait_closed()
                async def main():
                    port = await listen()
                    await asyncio.gather(*[client(port, n) for n in range(20)])
                asyncio.run(main())
                """);
    hookOpenSsl();
    select(process.pid());
    finish(process);
    List<CapturedRecord> records = List.copyOf(records());
    Map<Long, CapturedRecord> connections =
        records.stream()
            .filter(CapturedRecord::announces)
            .collect(Collectors.toMap(CapturedRecord::connection, r -> r));
    Map<Integer, String> conversations = conversations(records);
    assertThat(conversations).hasSize(40);
    conversations.forEach(
        (session, said) -> {
          List<Long> told =
              records.stream()
                  .filter(r -> r.session() == session && r.connection() != 0)
                  .map(CapturedRecord::connection)
                  .distinct()
                  .toList();
          assertThat(told).as("connections of session %d", session).hasSize(1);
          CapturedRecord connection = connections.get(told.get(0));
          int port =
              connection.role() == RecordLayout.Role.CLIENT
                  ? connection.localPort()
                  : connection.remotePort();
          assertThat(said).hasLineCount(40);
          assertThat(said.lines()).allMatch(line -> line.endsWith(" is from " + port));
        });
    assertThat(records)
        .filteredOn(r -> r.is(Kind.PLAINTEXT) && r.connection() != 0)
        .extracting(CapturedRecord::match)
        .containsOnly(Match.THREAD);
    assertThat(records.stream().filter(r -> r.is(Kind.ACTIVITY)).count())
        .as("cipher told of 40 connections, until their match is beyond doubt")
        .isLessThanOrEqualTo(40 * 22);
  }

  @Test
  void connectionsThatWereOpenBeforeAreReadFromThenOn() throws Exception {
    Process process =
        python(
            tls()
                + ECHO
                + """
                c = connect()
                c.sendall(b'early '); c.recv(99)
                say('open')
                sys.stdin.readline()
                for i in range(2): c.sendall(b'late%d ' % i); c.recv(99)
                """);
    go(process);
    assertThat(process.inputReader().readLine()).isEqualTo("open");
    hookOpenSsl();
    select(process.pid());
    finish(process);
    // the server was waiting in a call whose beginning nobody saw: what that one brought is lost
    assertThat(conversations(records()).values())
        .containsExactlyInAnyOrder(
            ">late0 <echo late0 >late1 <echo late1 ", ">echo late0 <late1 >echo late1 ");
    assertThat(plaintext().stream().filter(r -> r.connection() != 0).map(r -> r.session()))
        .as("told of a connection")
        .containsAll(conversations(records()).keySet());
  }

  @Test
  void anAsyncProgramsOpenConnectionsAreReadFromThenOn() throws Exception {
    Process process =
        python(
            tls()
                + ASYNC_ECHO
                + """
                async def main():
                    r, w = await connect(await listen())
                    await ask(r, w, b'early')
                    say('open')
                    await asyncio.to_thread(sys.stdin.readline)
                    for i in range(2): await ask(r, w, b'late%d' % i)
                    os._exit(0)
                asyncio.run(main())
                """);
    go(process);
    assertThat(process.inputReader().readLine()).isEqualTo("open");
    hookOpenSsl();
    select(process.pid());
    finish(process);
    assertThat(conversations(records()).values())
        .containsExactlyInAnyOrder(
            ">late0\n<echo late0\n>late1\n<echo late1\n",
            "<late0\n>echo late0\n<late1\n>echo late1\n");
    assertThat(plaintext())
        .filteredOn(r -> r.data().contains("late1"))
        .extracting(CapturedRecord::match)
        .containsOnly(Match.THREAD);
  }

  @Test
  void whatASessionEndsWithIsNotTakenForTheBeginningOfTheNext() throws Exception {
    List<CapturedRecord> records =
        run(
            """
            async def once(r, w):
                line = await r.readline()
                w.write(b'echo ' + line); await w.drain(); w.close()
            def ask(port, n):
                with client_context.wrap_socket(socket.create_connection(('127.0.0.1', port))) as c:
                    c.sendall(b'ask%d\\n' % n); assert c.recv(99) == b'echo ask%d\\n' % n
                    c.unwrap()
            async def main():
                s = await asyncio.start_server(once, '127.0.0.1', 0, ssl=server_context)
                port = s.sockets[0].getsockname()[1]
                await asyncio.to_thread(lambda: [ask(port, n) for n in range(10)])
            asyncio.run(main())
            """);
    assertThat(conversations(records)).hasSize(20);
    assertThat(records)
        .filteredOn(r -> r.is(Kind.PLAINTEXT) && r.connection() != 0)
        .extracting(CapturedRecord::session)
        .containsAll(conversations(records).keySet());
    assertThat(records)
        .filteredOn(r -> r.is(Kind.PLAINTEXT))
        .extracting(CapturedRecord::match)
        .doesNotContain(Match.CONFLICT);
  }

  @Test
  void anAnswerHasNotArrivedWithTheSessionTicketsBeforeIt() throws Exception {
    List<CapturedRecord> records =
        run(
            """
            async def answer(r, w):
                line = await r.readline()
                await asyncio.sleep(0.3)
                w.write(b'slow ' + line); await w.drain(); w.close()
            async def main():
                s = await asyncio.start_server(answer, '127.0.0.1', 0, ssl=server_context)
                r, w = await asyncio.open_connection(*s.sockets[0].getsockname(), ssl=client_context)
                w.write(b'question\\n'); assert await r.readline() == b'slow question\\n'
                w.close()
            asyncio.run(main())
            """);
    List<CapturedRecord> client =
        ofSessionThat(records, ">question").stream().filter(r -> r.bytes() > 0).toList();
    assertThat(client).hasSize(2);
    assertThat(client.get(1).arrivedNs() - client.get(0).timeNs())
        .isGreaterThan(Duration.ofMillis(250).toNanos());
  }

  @Test
  void ofALargeBodyTheTotalsAndTheLastBytesAreToldAsItGoes() throws Exception {
    List<CapturedRecord> records =
        run(
            """
            l = listener()
            c = socket.create_connection(l.getsockname())
            def serve():
                s = server_context.wrap_socket(l.accept()[0], server_side=True)
                s.sendall(b'y' * 50000 + b'THE--END'); s.recv(99)
            t = threading.Thread(target=serve); t.start()
            c = client_context.wrap_socket(c)
            left = 50008
            while left: left -= len(c.recv(10000))
            c.sendall(b'thanks'); t.join()
            """);
    List<CapturedRecord> sent = ofSessionThat(records, ">yyy");
    assertThat(sent.get(1).bytes()).isEqualTo(50_008);
    assertThat(sent.get(1).data()).hasSize(1024);
    assertThat(sent.get(2)).matches(r -> r.has(Flag.SUMMARY) && r.txOffset() == 50_008);
    assertThat(sent.get(2).txTail()).isEqualTo("THE--END");
    assertThat(sent.get(3).txOffset()).isEqualTo(50_008);
    assertThat(sent.get(3).data()).isEqualTo("thanks");

    List<CapturedRecord> received = ofSessionThat(records, "<yyy");
    CapturedRecord last = received.get(received.size() - 2);
    assertThat(last.has(Flag.SUMMARY)).isTrue();
    assertThat(last.rxOffset()).isEqualTo(50_008);
    assertThat(last.rxTail()).isEqualTo("THE--END");
  }

  private static List<CapturedRecord> ofSessionThat(List<CapturedRecord> records, String begins) {
    int session =
        conversations(records).entrySet().stream()
            .filter(e -> e.getValue().startsWith(begins))
            .findFirst()
            .orElseThrow()
            .getKey();
    return records.stream().filter(r -> r.session() == session).toList();
  }

  /** Drives OpenSSL itself, since Python makes a new object for each connection. */
  private static String openSslByHand() throws Exception {
    return """
        import ctypes
        lib = ctypes.CDLL('%s')
        for f in ('TLS_client_method', 'SSL_CTX_new', 'SSL_new'): getattr(lib, f).restype = ctypes.c_void_p
        ssl_ = ctypes.c_void_p(lib.SSL_new(ctypes.c_void_p(lib.SSL_CTX_new(ctypes.c_void_p(lib.TLS_client_method())))))
        sockets = []
        def use(word):
            s = socket.create_connection(l.getsockname()); sockets.append(s)
            lib.SSL_set_fd(ssl_, s.fileno())
            assert lib.SSL_connect(ssl_) == 1
            b = ctypes.create_string_buffer(99)
            assert lib.SSL_write(ssl_, word, len(word)) == len(word)
            assert lib.SSL_read(ssl_, b, 99) > 0
        use(b'first')
        assert lib.SSL_clear(ssl_) == 1
        use(b'second')
        """
        .formatted(openSsl());
  }

  @Test
  void anObjectThatIsUsedForAnotherConnectionIsAnotherSession() throws Exception {
    List<CapturedRecord> records = run(ECHO + openSslByHand());
    assertSeparate(records);
  }

  @Test
  void itIsOneAlsoWhenNothingSaysThatTheFirstIsOver() throws Exception {
    Process process = python(tls() + ECHO + openSslByHand());
    hook(CLibrary.OPENSSL, openSsl(), hook -> hook.function() != TlsFunction.END);
    select(process.pid());
    finish(process);
    assertSeparate(records());
  }

  private static void assertSeparate(List<CapturedRecord> records) {
    Map<Integer, String> conversations = conversations(records);
    assertThat(conversations.values()).contains(">first<echo first", ">second<echo second");
    Map<Integer, Long> connections =
        records.stream()
            .filter(r -> r.is(Kind.PLAINTEXT) && r.bytes() > 0)
            .collect(
                Collectors.toMap(
                    CapturedRecord::session,
                    CapturedRecord::connection,
                    (a, b) -> b,
                    TreeMap::new));
    assertThat(connections.values()).doesNotHaveDuplicates().doesNotContain(0L).hasSize(4);
  }

  @Test
  void tlsThatIsDoneByNothingHookedStaysCipherOfWhichLittleIsCaptured() throws Exception {
    List<CapturedRecord> records =
        run(
            ECHO
                + """
                with connect() as c: c.sendall(b'readable '); c.recv(99)
                plain = listener()
                a = socket.create_connection(plain.getsockname()); b, _ = plain.accept()
                for i in range(3):
                    a.sendall(b'\\x16\\x03\\x01\\x01\\x00' + b'x' * 256); b.recv(999)
                """);
    assertThat(conversations(records).values()).contains(">readable <echo readable ");
    List<CapturedRecord> cipher = records.stream().filter(r -> r.is(Kind.ACTIVITY)).toList();
    assertThat(cipher).isNotEmpty().allMatch(r -> r.data().length() <= 16);
    assertThat(cipher).extracting(CapturedRecord::connection).hasSize(2).doesNotHaveDuplicates();
    assertThat(cipher).extracting(CapturedRecord::pid).doesNotContain(0);
  }

  @Test
  void aProcessThatSpeaksTlsUnheardIsToldOfOnce() throws Exception {
    Process process =
        python(tls() + ECHO + "with connect() as c: c.sendall(b'unheard '); c.recv(99)\n");
    select(process.pid());
    finish(process);
    assertThat(records()).filteredOn(r -> r.kind() == TLS_SEEN).hasSize(1);
    assertThat(records().stream().filter(r -> r.kind() == TLS_SEEN).findFirst().orElseThrow().pid())
        .isEqualTo((int) process.pid());
    assertThat(plaintext()).isEmpty();
  }

  @Test
  void ofAProcessOfWhichItIsNotWantedOnlyTheCipherIsTold() throws Exception {
    Process process =
        python(tls() + ECHO + "with connect() as c: c.sendall(b'private '); c.recv(99)\n");
    hookOpenSsl();
    context.map("tls_processes").putLong((int) process.pid(), OFF, BpfMap.Update.ANY);
    select(process.pid());
    finish(process);
    assertThat(records()).extracting(CapturedRecord::kind).doesNotContain(Kind.PLAINTEXT, TLS_SEEN);
    assertThat(records()).filteredOn(r -> r.is(Kind.ACTIVITY)).isNotEmpty();
    assertThat(counter(CaptureCounter.TLS_HITS)).isZero();
  }

  @Test
  void aProcessThatIsNotSelectedPaysAndIsNotTold() throws Exception {
    Process process =
        python(tls() + ECHO + "with connect() as c: c.sendall(b'private '); c.recv(99)\n");
    hookOpenSsl();
    finish(process);
    assertThat(records()).isEmpty();
    assertThat(counter(CaptureCounter.TLS_BYSTANDER_HITS)).isPositive();
    assertThat(counter(CaptureCounter.TLS_HITS)).isZero();
  }

  @Test
  void whatAProcessThatIsNotYetSelectedSaysIsMarkedSo() throws Exception {
    Process process =
        python(tls() + ECHO + "with connect() as c: c.sendall(b'perhaps '); c.recv(99)\n");
    hookOpenSsl();
    context.map("questions").putLong((int) process.pid(), 1, BpfMap.Update.ANY);
    finish(process);
    assertThat(plaintext()).isNotEmpty().allMatch(r -> r.has(Flag.PENDING));
  }

  @Test
  void openSslsOwnServerAndCurlAreHeard() throws Exception {
    Process server =
        start(
            "openssl s_server -www -accept 127.0.0.1:0 -key %s -cert %s"
                .formatted(secrets.resolve("key"), secrets.resolve("cert"))
                .split(" "));
    String line;
    do {
      line = server.inputReader().readLine();
    } while (!line.startsWith("ACCEPT 127.0.0.1:"));
    int port = Integer.parseInt(line.substring(line.indexOf(':') + 1));
    hook(CLibrary.OPENSSL, Path.of("/usr/lib/x86_64-linux-gnu/libssl.so.3"), any -> true);
    selectPort(port);
    Process curl =
        start(
            "curl", "-sk", "-o", dir.resolve("page").toString(), "https://127.0.0.1:" + port + "/");
    select(curl.pid());
    assertThat(curl.waitFor()).isZero();
    List<CapturedRecord> records =
        awaitRecords(
            told ->
                conversations(told).values().stream().anyMatch(s -> s.contains("HTTP/1.0 200")));
    assertThat(conversations(records).values())
        .anyMatch(said -> said.startsWith("<GET / HTTP/1.1\r\nHost: 127.0.0.1:" + port));
  }
}
