package io.sonde.server;

import io.sonde.pipeline.event.Activity;
import io.sonde.pipeline.event.CaptureSink;
import io.sonde.pipeline.event.CaptureStarted;
import io.sonde.pipeline.event.CaptureStats;
import io.sonde.pipeline.event.ConnectionOpened;
import io.sonde.pipeline.event.GoroutineAct;
import io.sonde.pipeline.event.ProcessExited;
import io.sonde.pipeline.event.ProcessStarted;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** Writes down what the pipeline is told, one line an event. */
final class RecordingSink implements CaptureSink {
  final CaptureStarted started;
  final List<String> events = new CopyOnWriteArrayList<>();
  volatile boolean closed;
  volatile boolean writing = true;

  private final Map<String, Integer> latest = new HashMap<>();

  RecordingSink(CaptureStarted started) {
    this.started = started;
  }

  @Override
  public void processStarted(ProcessStarted event) {
    events.add("started " + event.pid() + " " + event.executable() + " " + event.arguments());
  }

  @Override
  public void processExited(ProcessExited event) {
    events.add("exited " + event.pid() + " at " + event.timeNs());
  }

  @Override
  public void connectionOpened(ConnectionOpened event) {
    events.add(
        "opened %d %s %s->%s at %d netns %d%s"
            .formatted(
                event.connection(),
                event.role(),
                event.remote(),
                event.local(),
                event.openedNs(),
                event.netns(),
                event.mptcp() ? " mptcp" : ""));
  }

  @Override
  public int missingBefore(Activity event) {
    Integer before = latest.get(conversation(event));
    return before == null ? 0 : event.sequence() - before - 1;
  }

  private static String conversation(Activity event) {
    return event.session() == 0 ? "of " + event.connection() : "within " + event.session();
  }

  @Override
  public void activity(Activity event) {
    latest.merge(conversation(event), event.sequence(), Math::max);
    byte[] tail = new byte[8];
    String rxTail = new String(tail, 0, event.rxTail(tail), StandardCharsets.US_ASCII);
    String txTail = new String(tail, 0, event.txTail(tail), StandardCharsets.US_ASCII);
    StringBuilder data = new StringBuilder();
    event.pieces(new Text(data));
    String goroutine =
        event.goroutine() == 0
            ? ""
            : " by goroutine %d of %d".formatted(event.goroutine(), event.goroutineParent());
    String session =
        event.session() == 0
            ? ""
            : " of session %s by %s"
                .formatted(Integer.toUnsignedString(event.session()), event.match());
    events.add(
        ("%s %d #%d at %d by %d/%d %s arrived %d offsets %d,%d last %d,%d bytes %d tails <%s>,<%s>"
                + " <%s>%s%s%s%s%s%s%s")
            .formatted(
                event.kind(),
                event.connection(),
                event.sequence(),
                event.timeNs(),
                event.pid(),
                event.tid(),
                event.direction(),
                event.arrivedNs(),
                event.rxOffset(),
                event.txOffset(),
                event.rxLastNs(),
                event.txLastNs(),
                event.bytes(),
                rxTail,
                txTail,
                data.toString().replace("\r\n", "|"),
                event.uncapturable() ? " uncapturable" : "",
                event.reset() ? " reset" : "",
                event.closedLocally() ? " locally" : "",
                event.waits() ? " waits" : "",
                session,
                event.atOnce() ? " at once" : "",
                goroutine));
  }

  /** The last piece is not told when it was skipped: the size of the operation says that. */
  private static final class Text implements Activity.Pieces {
    private final StringBuilder text;
    private long skipped;

    Text(StringBuilder text) {
      this.text = text;
    }

    @Override
    public void captured(byte[] data, int offset, int length) {
      if (skipped > 0) {
        text.append('[').append(skipped).append(']');
        skipped = 0;
      }
      text.append(new String(data, offset, length, StandardCharsets.US_ASCII));
    }

    @Override
    public void skipped(long length) {
      skipped = length;
    }
  }

  @Override
  public void goroutine(GoroutineAct event) {
    events.add(event.toString());
  }

  @Override
  public void stats(CaptureStats event) {
    events.add("stats " + new TreeMap<>(event.counters()));
  }

  @Override
  public void lost(String cause, long records) {
    events.add("lost " + cause + " " + records);
  }

  @Override
  public BooleanSupplier written() {
    return () -> writing;
  }

  @Override
  public void disconnected() {
    events.add("disconnected");
  }

  @Override
  public void resumed() {
    events.add("resumed");
  }

  @Override
  public void close() {
    closed = true;
  }
}
