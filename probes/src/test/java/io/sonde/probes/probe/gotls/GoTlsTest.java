package io.sonde.probes.probe.gotls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.sonde.contract.RecordLayout;
import io.sonde.probes.bpf.BpfException;
import io.sonde.probes.bpf.BpfObject;
import io.sonde.probes.bpf.UprobeLink;
import io.sonde.probes.bpf.UprobePoint;
import io.sonde.probes.elf.ElfFile;
import io.sonde.probes.elf.Run;
import io.sonde.probes.elf.go.GoProgram;
import io.sonde.probes.elf.x86.Price;
import io.sonde.probes.probe.CapturedRecord;
import io.sonde.probes.probe.ProbeKit;
import io.sonde.probes.probe.Settings;
import io.sonde.probes.probe.files.Hook;
import io.sonde.probes.probe.go.Toolchain;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GoTlsTest extends ProbeKit {
  private static final int LIBRARY = 5;
  private static final int CONNECTIONS = 37;
  private static final int ROUNDS = 3;
  private static final int MATCHED_BY_IO = 1;
  private static final Path CADDY = Path.of("/usr/bin/caddy");

  private final List<UprobeLink> links = new ArrayList<>();
  private BpfObject object;
  private BufferedReader output;

  @Override
  protected Settings settings() {
    return new Settings(
        4096, 1024, 1000, false, (int) ProcessHandle.current().pid(), 100, true, true, true);
  }

  @AfterEach
  void unhook() {
    links.forEach(UprobeLink::close);
    if (object != null) {
      object.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void plaintextIsOfItsConnectionHoweverManyThereAre(GoProgram program) throws Exception {
    assertPlaintextIsOfItsConnection(program.build(true));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_ANY, names = "GO_.*")
  void plaintextIsOfItsConnectionWhateverReleaseOfGoItIs(Toolchain toolchain) throws Exception {
    assertPlaintextIsOfItsConnection(toolchain.build("tlspairs"));
  }

  private void assertPlaintextIsOfItsConnection(Path executable) throws Exception {
    hook(executable);
    Process process = start(executable.toString(), "" + CONNECTIONS, "" + ROUNDS);
    select(process.pid());

    List<String> ports = connect(process);
    converse(process);

    assertThat(conversations()).isEqualTo(expected(ports));
    assertThat(plaintext().filter(r -> r.bytes() > 0))
        .allMatch(r -> r.match() == MATCHED_BY_IO && r.connection() != 0);
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAIN", "STATIC_PIE", "NOT_INLINED"})
  void conversationsGoOnThatBeganBeforeWeCame(GoProgram program) throws Exception {
    Path executable = program.build(true);
    Process process = start(executable.toString(), "" + CONNECTIONS, "" + ROUNDS);
    select(process.pid());
    List<String> ports = connect(process);

    hook(executable);
    converse(process);

    assertThat(conversations()).isEqualTo(expected(ports));
  }

  @Test
  void aConnectionMayBeginWithSomethingElse() throws Exception {
    Path executable = GoProgram.PLAIN.build(true);
    hook(executable);
    Process process =
        start(executable.toString(), "" + CONNECTIONS, "" + ROUNDS, "PROXY", "TCP4", "and so on");
    select(process.pid());

    List<String> ports = connect(process);
    converse(process);

    assertThat(conversations()).isEqualTo(expected(ports));
  }

  /** Debian 12's is made by Go 1.19. */
  @Test
  void aServerMadeByAnOlderGoIsHeard() throws Exception {
    assumeThat(CADDY).exists();
    certificate();
    int port = freePort();
    Path site =
        Files.writeString(
            dir.resolve("Caddyfile"),
            """
            {
              admin off
              auto_https disable_redirects
              log {
                level ERROR
              }
              servers {
                protocols h1
              }
            }
            https://localhost:%d {
              bind 127.0.0.1
              tls %s %s
              respond "you asked for {path}"
            }
            """
                .formatted(port, dir.resolve("cert"), dir.resolve("key")));
    hook(CADDY);
    Process caddy =
        start(
            "env",
            "HOME=" + dir,
            CADDY.toString(),
            "run",
            "--adapter",
            "caddyfile",
            "--config",
            site.toString());
    Awaitility.await().until(() -> isListening(port));
    select(caddy.pid());

    String url = "https://localhost:" + port + "/";
    assertThat(Run.output("curl", "-sSk", "--http1.1", url + "one", url + "two"))
        .isEqualTo("you asked for /oneyou asked for /two");

    List<CapturedRecord> said = plaintext().filter(r -> r.bytes() > 0).toList();
    assertThat(said).extracting(r -> r.data().split("\r\n")[0]).contains("GET /one HTTP/1.1");
    assertThat(said.stream().map(CapturedRecord::data).collect(Collectors.joining()))
        .contains("GET /two HTTP/1.1", "you asked for /one", "you asked for /two");
    assertThat(said).extracting(CapturedRecord::connection).doesNotContain(0L);
  }

  private void certificate() throws Exception {
    Run.output(
        ("openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout "
                + dir.resolve("key")
                + " -out "
                + dir.resolve("cert"))
            .split(" "));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static boolean isListening(int port) {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  @Test
  void theCipherOfWhatCanBeReadIsNotTold() throws Exception {
    Path executable = GoProgram.PLAIN.build(true);
    hook(executable);
    Process process = start(executable.toString(), "" + CONNECTIONS, "" + ROUNDS);
    select(process.pid());

    connect(process);
    converse(process);

    // a server is known to be one of TLS when it answers
    assertThat(activities())
        .hasSize(CONNECTIONS)
        .allMatch(hello -> isRead(hello) && hello.data().startsWith("\u0016\u0003"));
  }

  @Test
  void whatAServerReadsHasTheTimeAtWhichItArrived() throws Exception {
    Path executable = GoProgram.PLAIN.build(true);
    hook(executable);
    Process process = start(executable.toString(), "1", "" + ROUNDS);
    select(process.pid());

    connect(process);
    converse(process);

    List<CapturedRecord> questions =
        plaintext().filter(r -> r.data().startsWith("question") && isRead(r)).toList();
    assertThat(questions)
        .hasSize(ROUNDS)
        .allMatch(r -> r.arrivedNs() > 0 && r.arrivedNs() <= r.timeNs());
  }

  @Test
  void everyHookIsAtAnEmulatedInstruction() throws Exception {
    assertThat(hooks(GoProgram.PLAIN.build(true)))
        .hasSize(4)
        .allMatch(hook -> hook.price() == Price.EMULATED);
  }

  @Test
  void readsThatCopyElsewhereAreSeenWhereTheyReturn() throws Exception {
    assertThat(hooks(GoProgram.NOT_INLINED.build(true)))
        .filteredOn(hook -> hook.program().equals(GoTls.ON_RETURN))
        .isNotEmpty()
        .allMatch(hook -> hook.price() == Price.SINGLE_STEPPED);
  }

  @Test
  void aProgramOfAnotherLanguageHasNone() throws Exception {
    try (ElfFile file = ElfFile.open(Path.of("/bin/ls"))) {
      assertThat(new GoTls().find(file)).isEmpty();
    }
  }

  private static List<Hook> hooks(Path executable) throws Exception {
    try (ElfFile file = ElfFile.open(executable)) {
      return new GoTls().find(file).orElseThrow().hooks();
    }
  }

  private void hook(Path executable) throws Exception {
    object = context.load(GoTls.class, "gotls.bpf.o");
    Map<String, List<Hook>> byProgram =
        hooks(executable).stream().collect(Collectors.groupingBy(Hook::program));
    for (Map.Entry<String, List<Hook>> entry : byProgram.entrySet()) {
      links.add(attach(executable, entry.getKey(), entry.getValue()));
    }
  }

  private UprobeLink attach(Path executable, String program, List<Hook> hooks) throws BpfException {
    List<UprobePoint> points =
        hooks.stream()
            .map(hook -> new UprobePoint(hook.offset(), hook.attachCookie(LIBRARY)))
            .toList();
    return object.attachUprobes(program, executable, points, false);
  }

  /** Returns the ports of the clients. */
  private List<String> connect(Process process) throws Exception {
    output = process.inputReader();
    go(process);
    return List.of(output.readLine().split(" "));
  }

  private void converse(Process process) throws Exception {
    go(process);
    assertThat(output.readLine()).isEqualTo("last");
  }

  private Stream<CapturedRecord> plaintext() {
    return records().stream().filter(r -> r.is(RecordLayout.Kind.PLAINTEXT));
  }

  private static boolean isRead(CapturedRecord r) {
    return r.direction() == RecordLayout.Direction.RX;
  }

  /** By the client's port and the side: what was said, each after its direction. */
  private Map<String, String> conversations() {
    Map<Long, String> names =
        records().stream()
            .filter(CapturedRecord::announces)
            .collect(Collectors.toMap(CapturedRecord::connection, GoTlsTest::name));
    Map<String, String> conversations = new TreeMap<>();
    Map<Integer, List<CapturedRecord>> sessions =
        plaintext().collect(Collectors.groupingBy(CapturedRecord::session));
    for (List<CapturedRecord> session : sessions.values()) {
      long connection = session.get(session.size() - 1).connection();
      conversations.merge(
          names.getOrDefault(connection, "of no connection"),
          session.stream()
              .filter(r -> r.bytes() > 0)
              .map(r -> (isRead(r) ? "<" : ">") + r.data())
              .collect(Collectors.joining()),
          String::concat);
    }
    return conversations;
  }

  private static String name(CapturedRecord connection) {
    boolean client = connection.role() == RecordLayout.Role.CLIENT;
    return (client ? connection.localPort() + " client" : connection.remotePort() + " server");
  }

  private static Map<String, String> expected(List<String> ports) {
    assertThat(ports).hasSize(CONNECTIONS);
    Map<String, String> expected = new TreeMap<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      StringBuilder client = new StringBuilder();
      StringBuilder server = new StringBuilder();
      for (int round = 0; round < ROUNDS; round++) {
        String question = "question %d of %d;".formatted(round, i);
        client.append('>').append(question).append("<answer to ").append(question);
        server.append('<').append(question).append(">answer to ").append(question);
      }
      expected.put(ports.get(i) + " client", client.toString());
      expected.put(ports.get(i) + " server", server.toString());
    }
    return expected;
  }
}
