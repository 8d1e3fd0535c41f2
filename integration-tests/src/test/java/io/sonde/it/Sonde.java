package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.ThrowingRunnable;

/** The distribution's own {@code bin/sonde}, started as a user would. */
final class Sonde implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Two JVMs start, on a machine that may do other things. */
  private static final Duration STARTING = Duration.ofSeconds(60);

  private final Program program;
  private final int prometheusPort;

  private Sonde(Program program, int prometheusPort) {
    this.program = program;
    this.prometheusPort = prometheusPort;
  }

  /** Observes whoever listens on these ports, and is attached when this returns. */
  static Sonde observingPorts(Path folder, int... ports) {
    String list = String.join(",", Arrays.stream(ports).mapToObj(Integer::toString).toList());
    return start(folder, Map.of("BEYLA_OPEN_PORT", list));
  }

  /** Observes whoever listens on these ports, and these processes; attached when this returns. */
  static Sonde observing(Path folder, Stream<Integer> ports, Stream<Long> pids) {
    return configured(
        folder,
        Map.of(),
        "discovery.instrument = [{ open_ports = \"%s\" }, { target_pids = [%s] }]"
            .formatted(
                ports.map(String::valueOf).collect(Collectors.joining(",")),
                pids.map(String::valueOf).collect(Collectors.joining(","))));
  }

  /** {@code sonde run} with these variables, printing JSON traces and serving metrics. */
  static Sonde start(Path folder, Map<String, String> env) {
    return attached(launch(folder, env, "run"));
  }

  /** As {@link #start}, with more lines in its configuration file. */
  static Sonde configured(Path folder, Map<String, String> env, String configuration) {
    return attached(launch(folder, env, configuration, List.of(), "run"));
  }

  /** One that does not attach tells what it said, and is not left to disturb other tests. */
  private static Sonde attached(Sonde sonde) {
    try {
      sonde.awaitAttached();
      return sonde;
    } catch (ConditionTimeoutException e) {
      sonde.close();
      throw new IllegalStateException("Sonde did not attach" + sonde.program.everything(), e);
    }
  }

  /** As {@link #start}, any subcommand, without waiting for it to be ready. */
  static Sonde launch(Path folder, Map<String, String> env, String... arguments) {
    return launch(folder, env, "", List.of(), arguments);
  }

  /** The same as another user, who may read the distribution. */
  static Sonde launchAs(String user, Path folder, Map<String, String> env, String... arguments) {
    return launch(
        folder,
        env,
        "",
        List.of(
            "setpriv",
            "--reuid=" + user,
            "--regid=" + Program.run(folder, "id", "-g", user).strip(),
            "--init-groups"),
        arguments);
  }

  private static Sonde launch(
      Path folder,
      Map<String, String> env,
      String configuration,
      List<String> as,
      String... arguments) {
    ThisMachine.assumeItCanBeObserved();
    int port = Ports.free();
    Map<String, String> all = new HashMap<>();
    all.put("BEYLA_PROMETHEUS_PORT", Integer.toString(port));
    all.put("BEYLA_TRACE_PRINTER", "json");
    all.put("BEYLA_CONFIG_PATH", configurationFile(folder, configuration).toString());
    all.putAll(env);
    List<String> command = new ArrayList<>(as);
    command.add(Paths.launcher().toString());
    command.addAll(List.of(arguments));
    return new Sonde(Program.start("sonde", folder, all, command), port);
  }

  /** Of every Sonde started in that folder: the two halves find each other there. */
  static Path socket(Path folder) {
    return folder.resolve("run/capture.sock");
  }

  private static Path configurationFile(Path folder, String more) {
    Path socket = socket(folder);
    try {
      makeSocketDirectory(folder);
      return Files.writeString(
          folder.resolve("sonde.conf"), "receiver.socket = \"" + socket + "\"\n" + more);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its owner is the one who may listen there, besides root. */
  static void makeSocketDirectory(Path folder) {
    try {
      // The receiving half runs as another user: it reads the file and makes the socket.
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      Path directory = Files.createDirectories(socket(folder).getParent());
      Program.run(folder, "chown", receiverUser(), directory.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As bin/sonde chooses it. */
  static String receiverUser() {
    try (Stream<String> users = Files.lines(Path.of("/etc/passwd"))) {
      return users.anyMatch(user -> user.startsWith("sonde:")) ? "sonde" : "nobody";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Program program() {
    return program;
  }

  int prometheusPort() {
    return prometheusPort;
  }

  /** Every probe is in place: what happens from now on is seen. */
  void awaitAttached() {
    await("Sonde to attach")
        .atMost(STARTING)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(
            () -> {
              if (!program.isAlive()) {
                throw new IllegalStateException("Sonde ended" + program.everything());
              }
              List<Samples.Sample> probes = metrics().named("sonde_probe_attached");
              return !probes.isEmpty() && probes.stream().allMatch(probe -> probe.value() == 1);
            });
  }

  /**
   * What these servers do TLS with is hooked. A library of a process that runs already is looked
   * for beside what else begins, and its requests are seen from then on.
   */
  void awaitHooked(TlsServer... kinds) {
    for (TlsServer kind : kinds) {
      program.awaitLine("hooked [^ ]*" + kind.library() + ",");
    }
  }

  /** So many files that are, or were, at this path are hooked. */
  void awaitHooked(Path library, int files) {
    String hooked = "hooked " + Pattern.quote(library + ",") + ".*?";
    program.awaitLine("(?s)(?:" + hooked + "){" + files + "}");
  }

  /** Every trace of HTTP printed so far. */
  List<Trace> traces() {
    return printed("{\"type\":\"HTTP").map(Trace::parse).toList();
  }

  /** Every trace of an RPC printed so far. */
  List<RpcTrace> rpcs(Predicate<RpcTrace> which) {
    return printed("{\"type\":\"GRPC").map(RpcTrace::parse).filter(which).toList();
  }

  private Stream<String> printed(String beginning) {
    return Program.wholeLines(program.output()).lines().filter(line -> line.startsWith(beginning));
  }

  List<Trace> traces(Predicate<Trace> which) {
    return traces().stream().filter(which).toList();
  }

  /**
   * Waits for exactly {@code count} such traces, and a little longer to be sure that there are no
   * more.
   */
  List<Trace> awaitTraces(int count, Predicate<Trace> which) {
    await(count + " traces")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .failFast("Sonde ended", () -> !program.isAlive())
        .untilAsserted(() -> assertThat(traces(which)).hasSizeGreaterThanOrEqualTo(count));
    await("no trace more than " + count)
        .during(Duration.ofMillis(1500)) // longer than any flush in Sonde
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(traces(which)).hasSize(count));
    return traces(which);
  }

  /** What would be told late, or counted as lost late, has been by then, and this holds. */
  static void awaitNothingMore(ThrowingRunnable holds) {
    await("nothing more to be said")
        .during(Duration.ofMillis(1500)) // longer than any flush in Sonde
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(holds);
  }

  Samples metrics() throws IOException, InterruptedException {
    return Samples.parse(Http.get("http://127.0.0.1:" + prometheusPort + "/metrics").body());
  }

  /** Processes of this Sonde whose command line has the word. */
  List<ProcessHandle> processes(String word) {
    return Stream.concat(Stream.of(program.handle()), program.handle().descendants())
        .filter(handle -> commandLine(handle.pid()).contains(word))
        .toList();
  }

  static String commandLine(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/cmdline")).replace('\0', ' ');
    } catch (IOException gone) {
      return "";
    }
  }

  @Override
  public void close() {
    program.close();
  }
}
