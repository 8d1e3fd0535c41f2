package io.sonde.probes.probe.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sonde.contract.CaptureCounter;
import io.sonde.probes.bpf.BpfObject;
import io.sonde.probes.probe.tls.CLibrary;
import io.sonde.probes.probe.tls.TlsKit;
import io.sonde.probes.probe.tls.TlsProbe;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Follows real programs to the libraries that they really use. */
class UsedFilesTest extends TlsKit {
  private static final long LINGERING_NS = TimeUnit.SECONDS.toNanos(10);

  /** Calls SSL_write_ex so many times when told; nobody answers. */
  private static final String WRITES =
      """
      import ssl, sys
      o = ssl._create_unverified_context().wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO())
      def write():
          try: o.write(b'x')
          except ssl.SSLWantReadError: pass
      write() # the first one calls more than it will later
      print('mapped', flush=True)
      for line in sys.stdin:
          for i in range(int(line)): write()
          print('done', flush=True)
      """;

  private final Map<Process, BufferedReader> outputs = new HashMap<>();
  private BpfObject object;
  private UsedFiles libraries;

  @BeforeEach
  void follow() throws Exception {
    object = context.load(TlsProbe.class, "tls.bpf.o");
    libraries =
        new UsedFiles(
            new HookedFiles(
                Map.of(TlsProbe.ON_CALL, object, TlsProbe.ON_RETURN, object),
                Map.of(Subject.TLS, context.map("tls_libraries")),
                List.of(CLibrary.values())),
            new KernelProcesses(context.map("tls_processes"), context.map("go_processes")),
            LINGERING_NS);
  }

  @AfterEach
  void leave() {
    if (libraries != null) {
      libraries.close();
      object.close();
    }
  }

  @Test
  void aFileIsHookedOnceForAllWhoUseIt() throws Exception {
    Process one = user();
    Process other = user();
    look(one);
    look(other);

    write(one, 23);
    write(other, 5);
    assertThat(calls()).isEqualTo(28);
    assertThat(explain(one))
        .singleElement()
        .satisfies(
            report -> {
              assertThat(report.hooked()).isTrue();
              assertThat(report.file()).isEqualTo(library().toString());
              assertThat(report.detail()).contains("ssl_write_internal emulated").contains("calls");
            });
  }

  @Test
  void aFileIsLeftAWhileAfterItsLastUser() throws Exception {
    Process one = user();
    Process other = user();
    look(one);
    look(other);
    libraries.left((int) one.pid());
    libraries.tick(System.nanoTime() + 2 * LINGERING_NS);
    write(other, 3);
    assertThat(calls()).isEqualTo(3);

    libraries.left((int) other.pid());
    libraries.tick(System.nanoTime());
    write(one, 3);
    assertThat(calls()).as("not yet").isEqualTo(6);

    libraries.tick(System.nanoTime() + 3 * LINGERING_NS);
    write(one, 3);
    assertThat(calls()).isEqualTo(6);
  }

  @Test
  void whatAStartedProgramMayMapIsHookedBeforeItDoes() throws Exception {
    Process early = start(PYTHON, "-c", "import sys; sys.stdin.readline()\n" + WRITES);
    assertThat(Files.readString(Path.of("/proc/" + early.pid() + "/maps")))
        .doesNotContain("libssl");
    libraries.executed((int) early.pid(), true);

    go(early);
    outputs.put(early, early.inputReader());
    assertThat(outputs.get(early).readLine()).isEqualTo("mapped");
    long first = calls();
    assertThat(first).as("calls of its start").isPositive();
    assertThat(explain(early)).isEmpty();

    long later = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    libraries.tick(later);
    assertThat(explain(early)).hasSize(1);

    libraries.tick(later + TimeUnit.SECONDS.toNanos(60));
    write(early, 23);
    // other programs of the host may use it, too
    assertThat(calls()).as("it is a user by now").isGreaterThanOrEqualTo(first + 23);
  }

  @Test
  void whereAnyProgramMayBeObservedTheHostsLibraryIsHookedBeforeOneStarts() throws Exception {
    assumeTrue(openSsl().startsWith("/usr/lib/x86_64-linux-gnu"), "Python uses the host's OpenSSL");
    libraries.expectPrograms(true);
    libraries.tick(System.nanoTime() + 2 * LINGERING_NS);
    Process process = writer(PYTHON, "-c", WRITES);
    long first = calls();
    assertThat(first).as("calls of its start").isPositive();
    assertThat(calls(1)).as("GnuTLS is too dear").isZero();

    libraries.expectPrograms(false);
    libraries.tick(System.nanoTime() + 4 * LINGERING_NS);
    write(process, 3);
    assertThat(calls()).isEqualTo(first);
  }

  @Test
  void whatIsExpectedAndDoesNotComeIsLeft() throws Exception {
    Process process = start(PYTHON, "-c", "import sys; sys.stdin.readline()");
    libraries.executed((int) process.pid(), true);
    libraries.tick(System.nanoTime() + TimeUnit.SECONDS.toNanos(60));

    Process stranger = writer(PYTHON, "-c", WRITES);
    write(stranger, 3);
    assertThat(calls()).isZero();
  }

  @Test
  void aChildIsAUserWhenItsParentIs() throws Exception {
    Process parent = user();
    Process child = user(); // any other that maps the same
    look(parent);
    libraries.forked((int) child.pid(), (int) parent.pid());
    libraries.left((int) parent.pid());
    libraries.tick(System.nanoTime() + 2 * LINGERING_NS);

    write(child, 4);
    assertThat(calls()).isEqualTo(4);
  }

  /** The record of a fork is read after the child has executed another program. */
  @Test
  void whatAChildHasOfItsParentEndsWithItsExec() throws Exception {
    Process parent = user();
    Process child = start("sleep", "20");
    look(parent);
    assertThat(hookedKinds(parent)).isPositive();
    libraries.forked((int) child.pid(), (int) parent.pid());
    libraries.executed((int) child.pid(), true);

    assertThat(hookedKinds(child)).isZero();
    assertThat(explain(child)).isEmpty();
  }

  private long hookedKinds(Process process) {
    return context.map("tls_processes").getLong((int) process.pid(), 0);
  }

  @Test
  void aFileThatWasReplacedUnderAProcessIsTheOneItUses() throws Exception {
    Path own = Files.copy(openSsl(), dir.resolve("libssl.so.3"));
    Process before = ownLibrary(dir);
    Files.copy(own, dir.resolve("new"));
    Files.move(dir.resolve("new"), own, StandardCopyOption.REPLACE_EXISTING);
    Process after = ownLibrary(dir);
    look(before);
    look(after);

    assertThat(explain(before)).hasSize(1);
    assertThat(explain(after)).hasSize(1);
    write(before, 23);
    assertThat(calls(0)).isEqualTo(23);
    write(after, 5);
    assertThat(calls(0)).isEqualTo(23);
    assertThat(calls(1)).isEqualTo(5);
  }

  @Test
  void aProcessWithARootOfItsOwnIsFollowedThere() throws Exception {
    Path root = Files.createDirectory(dir.resolve("root"));
    Path own = Files.copy(openSsl(), dir.resolve("libssl.so.3"));
    Process process =
        writer(
            "unshare",
            "--mount",
            "sh",
            "-ec",
            "mount --rbind / \"$1\"; mount --bind \"$2\" \"$1$3\";"
                + " exec chroot \"$1\" \"$4\" -c \"$5\"",
            "sh",
            root.toString(),
            own.toString(),
            openSsl().toString(),
            PYTHON,
            WRITES);
    look(process);

    write(process, 23);
    assertThat(calls()).isEqualTo(23);
    write(writer(PYTHON, "-c", WRITES), 5);
    assertThat(calls()).as("the host's file is another").isEqualTo(23);
  }

  @Test
  void containersOfOneImageShareAHook() throws Exception {
    Path image = Files.createDirectory(dir.resolve("image"));
    Files.copy(openSsl(), image.resolve("libssl.so.3"));
    assumeTrue(
        Files.readString(Path.of("/proc/filesystems")).contains("overlay")
            && Files.readString(Path.of("/proc/self/mounts"))
                .lines()
                .noneMatch(l -> l.startsWith("overlay / ")),
        "the kernel has overlays, and this is not one");
    Process one = inOverlay(image, "one");
    Process other = inOverlay(image, "other");
    look(one);
    look(other);

    write(one, 23);
    write(other, 5);
    assertThat(calls(0)).isEqualTo(28);
    assertThat(calls(1)).isZero();
    assertThat(explain(other)).hasSize(1);
  }

  @Test
  void javaSaysThatItsOwnCannotBeRead() {
    int own = (int) ProcessHandle.current().pid();
    assertThat(libraries.explain(own))
        .anySatisfy(
            report -> {
              assertThat(report.file()).endsWith("/libjvm.so");
              assertThat(report.hooked()).isFalse();
              assertThat(report.detail()).contains("without entering the JVM");
            });
  }

  @Test
  void aProcessThatSpeaksTlsByNothingKnownIsCountedOnce() throws Exception {
    Process process = start("sleep", "600");
    libraries.seen((int) process.pid());
    libraries.seen((int) process.pid());

    assertThat(libraries.unreadable()).isEqualTo(1);
    assertThat(explain(process))
        .singleElement()
        .satisfies(report -> assertThat(report.detail()).contains("no symbols"));
  }

  @Test
  void aProcessThatSpeaksTlsIsLookedAtAgainWhenItHasMappedALibrary() throws Exception {
    Process process =
        start(
            "env",
            "LD_LIBRARY_PATH=" + library().getParent(),
            PYTHON,
            "-c",
            "import sys; sys.stdin.readline()\n" + WRITES);
    look(process);
    assertThat(explain(process)).isEmpty();
    go(process);
    outputs.put(process, process.inputReader());
    assertThat(outputs.get(process).readLine()).isEqualTo("mapped");

    libraries.seen((int) process.pid());
    write(process, 23);
    assertThat(calls()).isEqualTo(23);
    assertThat(libraries.unreadable()).isZero();
  }

  @Test
  void whatIsNotObservedIsSaidToBeThereAndLeftAlone() throws Exception {
    Process process = user();

    assertThat(explain(process))
        .singleElement()
        .satisfies(
            report -> {
              assertThat(report.hooked()).isFalse();
              assertThat(report.detail()).contains("not observed");
            });
    write(process, 3);
    assertThat(calls()).isZero();
  }

  @Test
  void aProcessWhoseTlsIsNotWantedIsLeftAloneUntilItIs() throws Exception {
    Process process = user();
    int pid = (int) process.pid();
    select(pid);
    look(process);
    write(process, 23);
    assertThat(counter(CaptureCounter.TLS_HITS)).isEqualTo(23);

    libraries.look(pid, false);
    write(process, 5);
    assertThat(counter(CaptureCounter.TLS_HITS)).isEqualTo(23);
    assertThat(counter(CaptureCounter.TLS_BYSTANDER_HITS)).isEqualTo(5);

    look(process);
    write(process, 1);
    assertThat(counter(CaptureCounter.TLS_HITS)).isEqualTo(24);
  }

  @Test
  void aProcessThatIsGoneIsNothing() throws Exception {
    Process process = start("true");
    process.waitFor();
    look(process);
    libraries.executed((int) process.pid(), true);
    libraries.seen((int) process.pid());

    assertThat(explain(process)).isEmpty();
    assertThat(libraries.unreadable()).isZero();
  }

  private void look(Process process) {
    libraries.look((int) process.pid(), true);
  }

  private List<FileReport> explain(Process process) {
    return libraries.explain((int) process.pid());
  }

  /** Maps a library that no other program of the host has: what is counted is what tests do. */
  private Process user() throws Exception {
    return ownLibrary(library().getParent());
  }

  private Path library() throws Exception {
    Path library = dir.resolve("shared/libssl.so.3");
    if (Files.notExists(library)) {
      Files.copy(openSsl(), Files.createDirectories(library.getParent()).resolve("libssl.so.3"));
    }
    return library;
  }

  private Process ownLibrary(Path folder) throws Exception {
    return writer("env", "LD_LIBRARY_PATH=" + folder, PYTHON, "-c", WRITES);
  }

  private Process inOverlay(Path image, String name) throws Exception {
    Path root = Files.createDirectories(dir.resolve(name));
    Files.createDirectories(root.resolve("upper"));
    Files.createDirectories(root.resolve("work"));
    Files.createDirectories(root.resolve("merged"));
    Process process =
        writer(
            "unshare",
            "--mount",
            "sh",
            "-ec",
            "mount -t tmpfs none \"$2\"; mkdir \"$2/u\" \"$2/w\" \"$2/m\";"
                + " mount -t overlay -o \"lowerdir=$1,upperdir=$2/u,workdir=$2/w\" none \"$2/m\";"
                + " export LD_LIBRARY_PATH=\"$2/m\"; exec \"$3\" -c \"$4\"",
            "sh",
            image.toString(),
            root.toString(),
            PYTHON,
            WRITES);
    return process;
  }

  /** Started and with its libraries mapped. */
  private Process writer(String... command) throws Exception {
    Process process = start(command);
    outputs.put(process, process.inputReader());
    assertThat(outputs.get(process).readLine()).isEqualTo("mapped");
    return process;
  }

  private void write(Process process, int times) throws Exception {
    process.getOutputStream().write((times + "\n").getBytes());
    process.getOutputStream().flush();
    assertThat(outputs.get(process).readLine()).isEqualTo("done");
  }

  /** Of any function of the library, by anybody. */
  private long calls() throws Exception {
    return calls(0);
  }

  private long calls(int library) throws Exception {
    long[] sums = context.map("tls_libraries").perCpuSums(library, 2);
    return sums[0] + sums[1];
  }
}
