package io.sonde.probes.probe.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sonde.probes.bpf.HitCounter;
import io.sonde.probes.bpf.UprobeLink;
import io.sonde.probes.bpf.UprobePoint;
import io.sonde.probes.elf.ElfFile;
import io.sonde.probes.elf.Run;
import io.sonde.probes.elf.x86.Price;
import io.sonde.probes.probe.files.AttachPlan;
import io.sonde.probes.probe.files.Hook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the libraries of this host; what is in them is what binutils say. */
class CLibraryTest {
  private static final Path LIBSSL = Path.of("/usr/lib/x86_64-linux-gnu/libssl.so.3");
  private static final Path LIBGNUTLS = Path.of("/usr/lib/x86_64-linux-gnu/libgnutls.so.30");
  private static final Path NODE = Path.of("/usr/bin/node");
  private static final int TIMES = 23;

  @TempDir Path folder;

  @Test
  void opensslIsAttachedToWhereItsTwoFormsMeet() throws Exception {
    Map<String, Hook> hooks = calls(CLibrary.OPENSSL, LIBSSL);

    assertThat(hooks)
        .containsOnlyKeys(
            "ssl_read_internal",
            "ssl_write_internal",
            "SSL_do_handshake",
            "SSL_shutdown",
            "SSL_free",
            "SSL_clear");
    assertThat(hooks.values()).allMatch(hook -> hook.price() == Price.EMULATED);
    assertThat(hooks.get("ssl_read_internal").function()).isEqualTo(TlsFunction.READ_EX);
    assertThat(hooks.get("ssl_read_internal").offset())
        .isEqualTo(firstCall(LIBSSL, "SSL_read"))
        .isEqualTo(firstCall(LIBSSL, "SSL_read_ex"));
    assertThat(hooks.get("ssl_write_internal").offset())
        .isEqualTo(firstCall(LIBSSL, "SSL_write"))
        .isEqualTo(firstCall(LIBSSL, "SSL_write_ex"));
  }

  @Test
  void gnutlsIsAttachedToAtItsExportedFunctions() throws Exception {
    Map<String, Hook> hooks = calls(CLibrary.GNUTLS, LIBGNUTLS);

    assertThat(hooks)
        .containsOnlyKeys(
            "gnutls_record_recv",
            "gnutls_record_send",
            "gnutls_handshake",
            "gnutls_bye",
            "gnutls_deinit");
    assertThat(disassembled(LIBGNUTLS, "gnutls_record_send"))
        .contains(Long.toHexString(hooks.get("gnutls_record_send").offset()) + ":\tjmp");
  }

  @Test
  void anExecutableIsAttachedToWithinItsSegment() throws Exception {
    assumeThat(NODE).exists();
    Map<String, Hook> hooks = calls(CLibrary.OPENSSL, NODE);

    assertThat(hooks)
        .containsKeys("SSL_read", "SSL_read_ex", "SSL_write", "SSL_write_ex", "SSL_free");
    assertThat(hooks.values()).allMatch(hook -> hook.price() == Price.EMULATED);
    try (ElfFile file = ElfFile.open(NODE)) {
      assertThat(file.read(hooks.get("SSL_read").offset(), 1).get(0)).isEqualTo((byte) 0x55);
    }
  }

  @Test
  void everyHookBeginsAnInstruction() throws Exception {
    for (Hook hook : calls(CLibrary.OPENSSL, LIBSSL).values()) {
      if (!hook.name().contains("internal")) {
        assertThat(disassembled(LIBSSL, hook.name()))
            .contains("   " + Long.toHexString(hook.offset()) + ":\t");
      }
    }
  }

  @Test
  void aLibraryThatSaysNonsenseIsReadWithoutHarm() throws IOException {
    byte[] whole = Files.readAllBytes(LIBSSL);
    Random random = new Random(37);
    int found = 0;
    for (int i = 0; i < 200; i++) {
      byte[] bytes = whole.clone();
      for (int n = 0; n < 1 + random.nextInt(200); n++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      Path path = Files.write(folder.resolve("nonsense"), bytes);
      try (ElfFile file = ElfFile.open(path)) {
        List<Hook> hooks = CLibrary.OPENSSL.find(file).map(AttachPlan::hooks).orElse(List.of());
        assertThat(hooks).allMatch(hook -> hook.offset() >= 0 && hook.offset() < bytes.length);
        found += hooks.isEmpty() ? 0 : 1;
      }
    }
    assertThat(found).as("most changes do not concern it").isGreaterThan(20);
  }

  @Test
  void otherFilesAreNotAttachedTo() throws IOException {
    for (CLibrary library : CLibrary.values()) {
      try (ElfFile file = ElfFile.open(Path.of("/usr/bin/env"))) {
        assertThat(library.find(file)).isEmpty();
      }
    }
  }

  @Test
  void everyCallOfARealProgramIsAHit() throws Exception {
    assumeTrue(
        Files.exists(Path.of("/sys/kernel/btf/vmlinux"))
            && "root".equals(System.getProperty("user.name")),
        "uprobes need root and a kernel with BTF");
    // no other program of the host uses this one
    Path library = Files.copy(mappedBy("import _ssl", "libssl"), folder.resolve("libssl.so.3"));
    List<Hook> hooks;
    try (ElfFile file = ElfFile.open(library)) {
      hooks = CLibrary.OPENSSL.find(file).orElseThrow().hooks();
    }
    List<UprobeLink> links = new ArrayList<>();
    try (HitCounter counter = new HitCounter(Optional.empty())) {
      for (String program : List.of(TlsProbe.ON_CALL, TlsProbe.ON_RETURN)) {
        List<UprobePoint> points =
            hooks.stream()
                .filter(hook -> hook.program().equals(program))
                .map(hook -> new UprobePoint(hook.offset(), hook.function().number()))
                .toList();
        links.add(
            counter
                .object()
                .attachUprobes(program, library, points, program.equals(TlsProbe.ON_RETURN)));
      }
      certificate();
      Run.output(
          "env",
          "LD_LIBRARY_PATH=" + folder,
          "python3",
          "-c",
          """
          import ssl, sys
          server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
          server.load_cert_chain(sys.argv[1], sys.argv[2])
          client = ssl._create_unverified_context()
          up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
          c = client.wrap_bio(down, up)
          s = server.wrap_bio(up, down, server_side=True)
          for end in (c, s, c, s):
              try: end.do_handshake()
              except ssl.SSLWantReadError: pass
          for i in range(int(sys.argv[3])):
              c.write(b'x' * (i + 1))
              assert len(s.read(100)) == i + 1
          """,
          folder.resolve("cert").toString(),
          folder.resolve("key").toString(),
          Integer.toString(TIMES));

      assertThat(counter.calls(TlsFunction.WRITE_EX.number())).isEqualTo(TIMES);
      assertThat(counter.returns(TlsFunction.WRITE_EX.number())).isEqualTo(TIMES);
      assertThat(counter.calls(TlsFunction.READ_EX.number())).isEqualTo(TIMES);
      assertThat(counter.returns(TlsFunction.READ_EX.number())).isEqualTo(TIMES);
      assertThat(counter.calls(TlsFunction.HANDSHAKE.number())).isEqualTo(4);
      // SSL_free; and SSL_new and the first SSL_do_handshake call SSL_clear
      assertThat(counter.calls(TlsFunction.END.number())).isGreaterThanOrEqualTo(2);
      assertThat(counter.calls(TlsFunction.READ.number())).isZero();
    } finally {
      links.forEach(UprobeLink::close);
    }
  }

  private static Map<String, Hook> calls(CLibrary library, Path path) throws IOException {
    try (ElfFile file = ElfFile.open(path)) {
      return library.find(file).orElseThrow().hooks().stream()
          .filter(hook -> !hook.atReturn())
          .collect(Collectors.toMap(Hook::name, hook -> hook));
    }
  }

  /** The file that a Python program maps, as another one than the host's may come with Python. */
  private static Path mappedBy(String statement, String name) throws Exception {
    String maps =
        Run.output("python3", "-c", statement + "; print(open('/proc/self/maps').read())");
    Matcher path = Pattern.compile("/\\S*/" + name + "\\S*").matcher(maps);
    assumeTrue(path.find(), "this Python has its TLS within");
    return Path.of(path.group());
  }

  private void certificate() throws Exception {
    Run.output(
        ("openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout "
                + folder.resolve("key")
                + " -out "
                + folder.resolve("cert"))
            .split(" "));
  }

  private static long firstCall(Path library, String function) throws Exception {
    Matcher call = Pattern.compile("call +([0-9a-f]+) ").matcher(disassembled(library, function));
    assertThat(call.find()).isTrue();
    return Long.parseLong(call.group(1), 16);
  }

  private static String disassembled(Path library, String function) throws Exception {
    return Run.output(
        "objdump", "-d", "--no-show-raw-insn", "--disassemble=" + function, library.toString());
  }
}
