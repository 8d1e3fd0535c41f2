package io.sonde.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.sonde.contract.v1.CaptureMessage;
import io.sonde.contract.v1.Hello;
import io.sonde.contract.v1.ProcessStarted;
import io.sonde.contract.v1.Stats;
import io.sonde.contract.v1.Welcome;
import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.event.CaptureSink;
import io.sonde.pipeline.event.CaptureStarted;
import io.sonde.server.recording.CaptureTap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptureServerTest {
  private static final int NOBODY = 65534;
  private static final Duration LONG_GRACE = Duration.ofMinutes(5);

  @TempDir Path dir;
  private final List<RecordingSink> sinks = new CopyOnWriteArrayList<>();
  private Path socket;
  private CaptureServer server;
  private TestCapture capture;

  @BeforeEach
  void start() throws IOException {
    socket = dir.resolve("run/capture.sock");
    server = start(Set.of(), LONG_GRACE, this::open);
    capture = new TestCapture(socket);
  }

  @AfterEach
  void stop() throws InterruptedException {
    capture.close();
    server.close();
    assertThat(socket).doesNotExist();
  }

  @Test
  void everyKindOfMessageReachesThePipelineInOrderAndIsAcknowledged() throws Exception {
    TestCapture.Call call = capture.call(TestCapture.hello("a").setMachineId("m"));
    assertThat(call.welcome().getLastSequence()).isZero();
    call.send(
        CaptureMessage.newBuilder()
            .setSequence(1)
            .setProcessStarted(
                ProcessStarted.newBuilder()
                    .setPid(42)
                    .setExecutable("/usr/sbin/nginx")
                    .addArguments("nginx"))
            .build());
    call.send(TestCapture.block(2, BlockFeedTest.golden(), 7));
    call.send(
        CaptureMessage.newBuilder()
            .setSequence(3)
            .setStats(Stats.newBuilder().putCounters("ring_full", 5))
            .build());
    call.send(TestCapture.exit(4));

    await().until(() -> call.acks.contains(4L));
    assertThat(sink().started.hostName()).isEqualTo("host-1");
    assertThat(sink().started.machineId()).isEqualTo("m");
    assertThat(sink().events)
        .hasSize(10)
        .startsWith("started 42 /usr/sbin/nginx [nginx]")
        .endsWith("stats {ring_full=5}", "exited 4 at 1");
    assertThat(call.acks).isSorted();
    adds("receive", 4, 4);
    adds("records", 7, 7);
    adds("admit", 1, 1);
  }

  @Test
  void aBrokenCallIsResumedWhereItBroke() throws Exception {
    TestCapture.Call first = capture.call(TestCapture.hello("a"));
    Welcome welcome = first.welcome();
    first.send(TestCapture.exit(1));
    first.send(TestCapture.exit(2));
    await().until(() -> first.acks.contains(2L));
    first.breakOff();

    TestCapture.Call second = capture.call(TestCapture.hello("a"));
    assertThat(second.welcome()).isEqualTo(welcome.toBuilder().setLastSequence(2).build());
    second.send(TestCapture.exit(2));
    second.send(TestCapture.exit(3));

    await().until(() -> second.acks.contains(3L));
    assertThat(sinks).hasSize(1);
    assertThat(sink().events)
        .containsExactly(
            "exited 1 at 1", "exited 2 at 1", "disconnected", "resumed", "exited 3 at 1");
    adds("receive", 4, 3);
    assertThat(account("receive").lostTotal(LossCause.DUPLICATE)).isEqualTo(1);
  }

  @Test
  void whatHasNotBeenWrittenYetIsNotAcknowledged() throws Exception {
    TestCapture.Call call = capture.call(TestCapture.hello("a"));
    call.welcome();
    sink().writing = false;
    call.send(TestCapture.exit(1));
    await().until(() -> !sink().events.isEmpty());
    await().during(Duration.ofMillis(300)).until(() -> call.acks.isEmpty());

    sink().writing = true;
    await().until(() -> call.acks.contains(1L));
  }

  @Test
  void anOutputThatHangsHoldsNoCaptureUp() throws Exception {
    TestCapture.Call call = capture.call(TestCapture.hello("a"));
    call.welcome();
    sink().writing = false;
    call.send(TestCapture.exit(1));

    await().until(() -> call.acks.contains(1L));
  }

  @Test
  void messagesThatNeverCameAreCounted() throws Exception {
    TestCapture.Call call = capture.call(TestCapture.hello("a"));
    call.send(TestCapture.exit(10));
    call.send(TestCapture.exit(14));

    await().until(() -> call.acks.contains(14L));
    assertThat(sink().events)
        .containsExactly("exited 10 at 1", "lost record_lost -1", "exited 14 at 1");
    adds("receive", 5, 2);
    assertThat(account("receive").lostTotal(LossCause.RECORD_LOST)).isEqualTo(3);
  }

  @Test
  void aRestartedCaptureIsANewOneAndTheOldOneEndsAfterTheGrace() throws Exception {
    server.close();
    server = start(Set.of(), Duration.ofMillis(100), this::open);
    TestCapture.Call first = capture.call(TestCapture.hello("a"));
    first.welcome();
    first.breakOff();
    TestCapture.Call second = capture.call(TestCapture.hello("b"));
    assertThat(second.welcome().getLastSequence()).isZero();

    await().until(() -> sinks.size() == 2 && sinks.get(0).closed);
    assertThat(sinks.get(1).closed).isFalse();
  }

  @Test
  void aCaptureThatComesBackAfterTheGraceIsToldToBeginAnew() throws Exception {
    server.close();
    server = start(Set.of(), Duration.ofMillis(1), this::open);
    TestCapture.Call first = capture.call(TestCapture.hello("a"));
    first.send(TestCapture.exit(1));
    await().until(() -> first.acks.contains(1L));
    first.breakOff();
    await().until(() -> sinks.get(0).closed);

    Welcome again = capture.call(TestCapture.hello("a")).welcome();
    assertThat(again.getLastSequence()).isZero();
    assertThat(again.getReceiverId()).isNotEqualTo(first.welcome().getReceiverId());
  }

  @Test
  void capturesAreToldApartByWhatTheySayOfThemselves() throws Exception {
    capture.call(TestCapture.hello("a").setBootId("boot")).welcome();
    capture.call(TestCapture.hello("b").setBootId("boot").setHostName("pod-2")).welcome();

    assertThat(sinks)
        .extracting(s -> s.started.instanceId(), s -> s.started.hostName(), s -> s.started.bootId())
        .containsExactly(tuple("61", "host-1", "boot"), tuple("62", "pod-2", "boot"));
  }

  @Test
  void namesakesOnDifferentHostsAreWarnedOf() throws Exception {
    try (LogLines log = LogLines.of(Sessions.class)) {
      capture.call(TestCapture.hello("a").setBootId("boot-1")).welcome();
      capture.call(TestCapture.hello("b").setBootId("boot-1")).welcome();
      assertThat(log.warnings()).isEmpty();
      capture.call(TestCapture.hello("c").setBootId("boot-2")).welcome();
      assertThat(log.warnings())
          .singleElement()
          .asString()
          .contains("the same host name host-1", "capture.hostname");
    }
  }

  @Test
  void aCaptureThatEndsInGoodOrderIsClosedAtOnce() throws Exception {
    TestCapture.Call call = capture.call(TestCapture.hello("a"));
    call.send(TestCapture.exit(1));
    call.complete();

    assertThat(call.ended()).isNull();
    assertThat(call.acks).containsExactly(1L);
    assertThat(sink().closed).isTrue();
  }

  @Test
  void aRestartedReceiverSaysThatItKnowsNothing() throws Exception {
    TestCapture.Call first = capture.call(TestCapture.hello("a"));
    Welcome welcome = first.welcome();
    first.send(TestCapture.exit(1));
    await().until(() -> first.acks.contains(1L));
    server.close();
    assertThat(sink().closed).isTrue();
    assertThat(Status.fromThrowable(first.ended()).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    TestCapture.Call refused = capture.call(TestCapture.hello("a"));
    assertThat(Status.fromThrowable(refused.ended()).getCode()).isEqualTo(Status.Code.UNAVAILABLE);

    server = start(Set.of(), LONG_GRACE, this::open);
    await()
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              Welcome again = capture.call(TestCapture.hello("a")).welcome();
              assertThat(again.getReceiverId()).isNotEqualTo(welcome.getReceiverId());
              assertThat(again.getLastSequence()).isZero();
            });
  }

  @Test
  void anUnknownLayoutVersionIsRefusedInASentence() throws Exception {
    TestCapture.Call call = capture.call(TestCapture.hello("a").setLayoutVersion(7));
    Status status = Status.fromThrowable(call.ended());
    assertThat(status.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(status.getDescription())
        .isEqualTo(
            "the capture process writes records of layout version 7, this receiver reads versions 1 to 3"
                + ": install the same release of Sonde on both sides");
    assertThat(sinks).isEmpty();
  }

  @Test
  void aBrokenContractEndsTheCallButNotTheSession() throws Exception {
    TestCapture.Call call = capture.call(TestCapture.hello("a"));
    call.send(TestCapture.exit(1));
    call.send(TestCapture.exit(0));
    assertThat(Status.fromThrowable(call.ended()).getCode())
        .isEqualTo(Status.Code.INVALID_ARGUMENT);

    assertThat(capture.call(TestCapture.hello("a")).welcome().getLastSequence()).isEqualTo(1);
    for (Hello.Builder hello :
        List.of(TestCapture.hello(""), TestCapture.hello("b").setHostName("x".repeat(256)))) {
      assertThat(Status.fromThrowable(capture.call(hello).ended()).getCode())
          .isEqualTo(Status.Code.INVALID_ARGUMENT);
    }
  }

  @Test
  void aSlowPipelineStopsTheSenderInsteadOfFillingMemory() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    server.close();
    server =
        start(
            Set.of(),
            LONG_GRACE,
            started -> {
              awaitRelease(release);
              return open(started);
            });
    TestCapture.Call call = capture.call(TestCapture.hello("a"));
    byte[] records = repeat(BlockFeedTest.golden(), 1000);
    long sent = 0;
    while (sent < 100 && becomesReady(call)) {
      call.send(TestCapture.block(++sent, records, 7000));
    }
    assertThat(sent).isLessThan(8);

    release.countDown();
    long last = sent;
    await().until(() -> call.acks.contains(last));
    adds("records", 7000 * sent, 7000 * sent);
  }

  @Test
  void thereIsNoWayInForOtherUsersEvenWhenTheFileModeLetsThemThrough() throws Exception {
    assertThat(connectAsNobody()).startsWith("PermissionError");

    letEverybodyThroughTheFileSystem();
    assertThat(connectAsNobody()).isEqualTo("closed");
    assertThat(account("admit").lostTotal(LossCause.PEER_REFUSED)).isEqualTo(1);
    adds("admit", 1, 0);
  }

  @Test
  void aListedUserIsAdmitted() throws Exception {
    server.close();
    server = start(Set.of(NOBODY), LONG_GRACE, this::open);
    letEverybodyThroughTheFileSystem();

    assertThat(connectAsNobody()).isEqualTo("served");
    adds("admit", 1, 1);
  }

  private CaptureServer start(
      Set<Integer> uids, Duration grace, Function<CaptureStarted, CaptureSink> pipeline)
      throws IOException {
    return CaptureServer.start(
        SocketFile.claim(socket),
        new CaptureServer.Settings(uids, grace),
        pipeline,
        CaptureTap.NONE);
  }

  private CaptureSink open(CaptureStarted started) {
    RecordingSink sink = new RecordingSink(started);
    sinks.add(sink);
    return sink;
  }

  private RecordingSink sink() {
    assertThat(sinks).hasSize(1);
    return sinks.get(0);
  }

  private Account account(String stage) {
    return server.accounts().stream()
        .filter(a -> a.stage().equals(stage))
        .findFirst()
        .orElseThrow();
  }

  private void adds(String stage, long in, long out) {
    Account account = account(stage);
    long lost = 0;
    for (LossCause cause : LossCause.values()) {
      lost += account.lostTotal(cause);
    }
    assertThat(account.inTotal()).isEqualTo(in).isEqualTo(account.outTotal() + lost);
    assertThat(account.outTotal()).isEqualTo(out);
  }

  private void letEverybodyThroughTheFileSystem() throws IOException {
    for (Path path : List.of(dir, socket.getParent(), socket)) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
    }
  }

  /** A real process with another uid; says whether the server's HTTP/2 settings reached it. */
  private String connectAsNobody() throws Exception {
    String program =
        """
        import os, socket, sys
        os.setgroups([])
        os.setgid(int(sys.argv[2]))
        os.setuid(int(sys.argv[2]))
        s = socket.socket(socket.AF_UNIX)
        s.settimeout(10)
        try:
            s.connect(sys.argv[1])
            s.sendall(b'PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n' + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0]))
            print('served' if s.recv(100) else 'closed')
        except (ConnectionResetError, BrokenPipeError):
            print('closed')
        except Exception as e:
            print(repr(e))
        """;
    Process process =
        new ProcessBuilder("python3", "-c", program, socket.toString(), Integer.toString(NOBODY))
            .redirectErrorStream(true)
            .start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  private static void awaitRelease(CountDownLatch release) {
    try {
      release.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean becomesReady(TestCapture.Call call) {
    try {
      await().atMost(Duration.ofMillis(500)).until(call::isReady);
      return true;
    } catch (ConditionTimeoutException e) {
      return false;
    }
  }

  private static byte[] repeat(byte[] block, int times) {
    byte[] all = new byte[block.length * times];
    for (int i = 0; i < times; i++) {
      System.arraycopy(block, 0, all, i * block.length, block.length);
    }
    return all;
  }
}
