package io.sonde.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sonde.contract.v1.CaptureMessage;
import io.sonde.contract.v1.Stats;
import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.event.CaptureSink;
import io.sonde.pipeline.event.CaptureStarted;
import io.sonde.server.recording.CaptureTap;
import io.sonde.server.recording.Recorder;
import io.sonde.server.recording.RecordingException;
import io.sonde.server.recording.RecordingHeader;
import io.sonde.server.recording.RecordingReader;
import io.sonde.server.recording.RecordingWriter;
import io.sonde.server.recording.Redaction;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingTest {
  private static final long NO_LIMIT = Long.MAX_VALUE;

  @TempDir Path dir;
  private Path file;
  private Recorder recorder;
  private final List<RecordingSink> sinks = new ArrayList<>();
  private boolean full;

  @BeforeEach
  void nameFile() {
    file = dir.resolve("a.recording");
  }

  @Test
  void whatWasRecordedIsReplayedCallByCall() throws Exception {
    byte[] recording = record(NO_LIMIT);

    Replay replay = replay(recording);

    assertThat(sinks).hasSize(2);
    assertThat(sinks.get(0).started.hostName()).isEqualTo("host-1");
    assertThat(sinks.get(0).events)
        .startsWith("exited 1 at 1")
        .contains(
            "TRANSFER 77 #2 at 2000 by 42/44 RX arrived 1900 offsets 0,0 last 0,0 bytes 32 tails"
                + " <>,<> <GET /hello HTTP/1.1|Host: a||>",
            "disconnected",
            "resumed",
            "stats {a=7}")
        .endsWith("lost record_lost -1", "exited 9 at 1");
    assertThat(sinks).allMatch(sink -> sink.closed);
    assertThat(replay.accounts().get(1).outTotal()).isEqualTo(7);
    assertThat(recorder.account().inTotal()).isEqualTo(6);
    assertThat(recorder.account().outTotal()).isEqualTo(6);
  }

  @Test
  void aReplayCanBeRecordedAndSaysTheSame() throws Exception {
    byte[] recording = record(NO_LIMIT);
    replay(recording);
    List<List<String>> first = sinks.stream().map(sink -> List.copyOf(sink.events)).toList();
    sinks.clear();

    file = dir.resolve("again.recording");
    try (Recorder again = recorder(NO_LIMIT)) {
      new Replay(new RecordingReader(new ByteArrayInputStream(recording)), this::open, again)
          .run(() -> true);
    }
    sinks.clear();
    replay(Files.readAllBytes(file));

    assertThat(sinks.stream().map(sink -> List.copyOf(sink.events)).toList()).isEqualTo(first);
  }

  @Test
  void oneThatIsCutOffAnywhereIsReplayedUpToThereAndSaysSo() throws Exception {
    byte[] whole = record(NO_LIMIT);
    replay(whole);
    List<String> all = List.copyOf(sinks.get(0).events);
    int header =
        new RecordingReader(new ByteArrayInputStream(whole)).header().writer().length() + 30;
    for (int length = header; length < whole.length; length++) {
      sinks.clear();
      RecordingReader reader = reader(Arrays.copyOf(whole, length));
      new Replay(reader, this::open, CaptureTap.NONE).run(() -> true);
      assertThat(reader.ending()).as("cut at %d", length).isEqualTo(RecordingReader.Ending.CUT_OFF);
      if (!sinks.isEmpty()) {
        assertThat(all).startsWith(sinks.get(0).events.toArray(String[]::new));
      }
      assertThat(sinks).allMatch(sink -> sink.closed);
    }
    for (int length = 0; length < header; length++) {
      byte[] start = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> reader(start)).isInstanceOf(RecordingException.class);
    }
  }

  @Test
  void aDamagedByteIsNoticedWhereverItIs() throws Exception {
    byte[] whole = record(NO_LIMIT);
    for (int at = 0; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x10;
      assertThatThrownBy(
              () -> {
                RecordingReader reader = reader(damaged);
                new Replay(reader, this::open, CaptureTap.NONE).run(() -> true);
                if (reader.ending() == RecordingReader.Ending.CUT_OFF) {
                  throw new RecordingException("a length was damaged");
                }
              })
          .as("byte %d", at)
          .isInstanceOf(RecordingException.class);
    }
  }

  @Test
  void noiseBehindAGoodHeaderIsRefusedInASentence() throws Exception {
    byte[] whole = record(NO_LIMIT);
    Random random = new Random(7);
    for (int round = 0; round < 500; round++) {
      byte[] noise = new byte[4096];
      random.nextBytes(noise);
      System.arraycopy(whole, 0, noise, 0, 34);
      RecordingReader reader = reader(noise);
      assertThatThrownBy(() -> new Replay(reader, this::open, CaptureTap.NONE).run(() -> true))
          .isInstanceOf(RecordingException.class)
          .hasMessageContaining("damaged");
    }
  }

  @Test
  void aForeignFileAndANewerVersionAreNamed() throws Exception {
    assertThatThrownBy(() -> reader("GIF89a, an image of something".getBytes()))
        .isInstanceOf(RecordingException.class)
        .hasMessage("it does not begin as a recording of Sonde does");
    byte[] newer = record(NO_LIMIT);
    newer[9] = 2;
    assertThatThrownBy(() -> reader(newer))
        .hasMessage(
            "it has format version 2, this Sonde reads version 1: replay it with a newer release");
  }

  @Test
  void theLimitEndsTheFileInGoodOrder() throws Exception {
    byte[] limited = record(200);

    assertThat(full).isTrue();
    RecordingReader reader = reader(limited);
    new Replay(reader, this::open, CaptureTap.NONE).run(() -> true);
    assertThat(reader.ending()).isEqualTo(RecordingReader.Ending.WHOLE);
    assertThat(recorder.account().lostTotal(LossCause.RECORDING_ENDED)).isPositive();
    assertThat(recorder.account().pending()).isZero();
  }

  /** One capture that is away for a while and misses a message, another that is only met. */
  private byte[] record(long maxBytes) throws IOException {
    Files.deleteIfExists(file);
    try (Recorder recorder = recorder(maxBytes)) {
      CaptureTap.Capture first = recorder.opened(hello("one"));
      first.message(TestCapture.exit(1));
      first.message(TestCapture.block(2, BlockFeedTest.golden(), 7));
      first.disconnected();
      first.resumed();
      first.message(
          CaptureMessage.newBuilder()
              .setSequence(3)
              .setStats(Stats.newBuilder().putCounters("a", 7))
              .build());
      recorder.opened(hello("two")).closed();
      first.message(TestCapture.exit(9));
      first.closed();
    }
    return Files.readAllBytes(file);
  }

  private static CaptureMessage hello(String instance) {
    return CaptureMessage.newBuilder().setHello(TestCapture.hello(instance)).build();
  }

  private Recorder recorder(long maxBytes) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    RecordingHeader header = RecordingHeader.now(false, "test");
    recorder =
        new Recorder(
            new RecordingWriter(channel, header),
            () -> Redaction.NONE,
            new Recorder.Limits(maxBytes, Duration.ofDays(1)),
            () -> full = true);
    return recorder;
  }

  private Replay replay(byte[] recording) throws IOException {
    RecordingReader reader = reader(recording);
    Replay replay = new Replay(reader, this::open, CaptureTap.NONE);
    replay.run(() -> true);
    assertThat(reader.ending()).isEqualTo(RecordingReader.Ending.WHOLE);
    return replay;
  }

  private static RecordingReader reader(byte[] recording) throws IOException {
    return new RecordingReader(new ByteArrayInputStream(recording));
  }

  private CaptureSink open(CaptureStarted started) {
    RecordingSink sink = new RecordingSink(started);
    sinks.add(sink);
    return sink;
  }
}
