package io.sonde.probes.probe.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.contract.CaptureCounter;
import io.sonde.contract.RecordLayout;
import io.sonde.probes.bpf.BpfException;
import io.sonde.probes.bpf.BpfObject;
import io.sonde.probes.bpf.UprobeLink;
import io.sonde.probes.bpf.UprobePoint;
import io.sonde.probes.elf.ElfFile;
import io.sonde.probes.elf.Run;
import io.sonde.probes.probe.CapturedRecord;
import io.sonde.probes.probe.ProbeKit;
import io.sonde.probes.probe.Settings;
import io.sonde.probes.probe.files.Hook;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Hooks real TLS libraries under real programs. */
public abstract class TlsKit extends ProbeKit {
  private static final int LIBRARY = 5;

  @TempDir static Path secrets;

  private final List<UprobeLink> links = new ArrayList<>();
  private BpfObject object;

  @BeforeAll
  static void certificate() throws Exception {
    Run.output(
        ("openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout "
                + secrets.resolve("key")
                + " -out "
                + secrets.resolve("cert"))
            .split(" "));
  }

  @AfterEach
  void unhook() {
    links.forEach(UprobeLink::close);
    if (object != null) {
      object.close();
    }
  }

  @Override
  protected Settings settings() {
    return new Settings(
        4096, 1024, 1000, false, (int) ProcessHandle.current().pid(), 100, true, true, true);
  }

  /** What every program begins with: contexts of both sides, and a listener. */
  protected static String tls() {
    return """
        import ssl, socket, threading, asyncio, os
        server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server_context.load_cert_chain('%s', '%s')
        client_context = ssl._create_unverified_context()
        def listener():
            l = socket.socket(); l.bind(('127.0.0.1', 0)); l.listen(8)
            return l
        def say(*words): print(*words, flush=True)
        """
        .formatted(secrets.resolve("cert"), secrets.resolve("key"));
  }

  /** Hooks the OpenSSL that Python uses. */
  protected void hookOpenSsl() throws Exception {
    hook(CLibrary.OPENSSL, openSsl(), any -> true);
  }

  protected static Path openSsl() throws Exception {
    String maps = Run.output(PYTHON, "-c", "import _ssl; print(open('/proc/self/maps').read())");
    Matcher path = Pattern.compile("/\\S*/libssl\\S*").matcher(maps);
    assertThat(path.find()).as("Python with OpenSSL as a shared library").isTrue();
    return Path.of(path.group());
  }

  protected void hook(CLibrary library, Path path, Predicate<Hook> wanted)
      throws IOException, BpfException {
    if (object == null) {
      object = context.load(TlsFunction.class, "tls.bpf.o");
    }
    List<Hook> hooks;
    try (ElfFile file = ElfFile.open(path)) {
      hooks = library.find(file).orElseThrow().hooks().stream().filter(wanted).toList();
    }
    for (boolean atReturn : new boolean[] {false, true}) {
      List<UprobePoint> points =
          hooks.stream()
              .filter(hook -> hook.atReturn() == atReturn)
              .map(hook -> new UprobePoint(hook.offset(), hook.attachCookie(LIBRARY)))
              .toList();
      String program = atReturn ? TlsProbe.ON_RETURN : TlsProbe.ON_CALL;
      links.add(object.attachUprobes(program, path, points, atReturn));
    }
  }

  protected long counter(CaptureCounter counter) throws BpfException {
    return context.map("counters").perCpuSum(counter.index());
  }

  protected List<CapturedRecord> plaintext() {
    return records().stream().filter(r -> r.is(RecordLayout.Kind.PLAINTEXT)).toList();
  }

  /**
   * What went over each session: {@code <} before what was read, {@code >} before what was written.
   */
  protected static Map<Integer, String> conversations(List<CapturedRecord> records) {
    return records.stream()
        .filter(r -> r.is(RecordLayout.Kind.PLAINTEXT) && r.bytes() > 0)
        .collect(
            Collectors.groupingBy(
                CapturedRecord::session,
                TreeMap::new,
                Collectors.mapping(
                    r -> (r.direction() == RecordLayout.Direction.RX ? "<" : ">") + r.data(),
                    Collectors.joining())));
  }
}
