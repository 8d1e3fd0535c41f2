package io.sonde.server.recording;

import io.sonde.contract.v1.CaptureMessage;
import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.accounting.LossCause;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Writes what captures send to a recording, on the pipeline thread: when the disk is slow the
 * captures wait, and the kernel counts what does not find room. At the latest every second, with a
 * capture's totals, what is held back is written. Closed when no capture can send any more.
 */
public final class Recorder implements CaptureTap, AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Recorder.class.getName());
  private static final int MAX_CAPTURES = 1 << Short.SIZE;

  private final RecordingWriter writer;
  private final Supplier<Redaction> redactions;
  private final Limits limits;
  private final Runnable onLimit;
  private final Account account = new Account("record");
  private int captures;
  private long begunNs;
  private boolean ended;

  /**
   * When a recording ends by itself; nothing is lost by that which was not to be recorded.
   *
   * @param maxBytes of the file, a chunk more at most
   * @param duration from the first capture on; looked at when a capture sends something, every
   *     second at the latest
   */
  public record Limits(long maxBytes, Duration duration) {}

  /**
   * @param redactions makes what each capture's messages pass through before they are written
   * @param onLimit called once, on the pipeline thread, when the recording has ended at a limit
   */
  public Recorder(
      RecordingWriter writer, Supplier<Redaction> redactions, Limits limits, Runnable onLimit) {
    this.writer = writer;
    this.redactions = redactions;
    this.limits = limits;
    this.onLimit = onLimit;
  }

  /** In messages: those that are in the file are out. */
  public Account account() {
    return account;
  }

  @Override
  public Capture opened(CaptureMessage hello) {
    if (captures == MAX_CAPTURES) {
      LOG.severe("more captures have come and gone than a recording can tell apart: not recorded");
      return Capture.IGNORED;
    }
    if (captures == 0) {
      begunNs = System.nanoTime();
    }
    RecordedCapture capture = new RecordedCapture(captures++, redactions.get());
    capture.message(hello);
    return capture;
  }

  private void write(Entry entry) {
    try {
      writer.write(entry);
      if (entry.message() != null && entry.message().hasStats()) {
        writer.flush();
      }
      settle();
      if (writer.bytes() >= limits.maxBytes() || isOver()) {
        close();
        onLimit.run();
      }
    } catch (IOException e) {
      fail(e);
    }
  }

  private boolean isOver() {
    return limits.duration().compareTo(Duration.ofNanos(System.nanoTime() - begunNs)) <= 0;
  }

  private void fail(IOException e) {
    ended = true;
    account.lost(
        LossCause.RECORDING_ENDED,
        account.inTotal() - account.outTotal() - account.lostTotal(LossCause.INTERNAL_ERROR));
    LOG.log(
        Level.SEVERE,
        "the recording cannot be written ({0}): it ends here with {1} bytes, which can be replayed;"
            + " make room and record again",
        new Object[] {e.getMessage(), Long.toString(writer.bytes())});
    try {
      writer.abandon();
    } catch (IOException again) {
      LOG.log(Level.FINE, "closing it failed too", again);
    }
  }

  /** What has come to be in the file since the last time is out. */
  private void settle() {
    account.out(writer.messages() - account.outTotal());
  }

  /** Ends the file in good order. */
  @Override
  public void close() {
    if (ended) {
      return;
    }
    try {
      writer.close();
      ended = true;
      settle();
    } catch (IOException e) {
      fail(e);
    }
  }

  private final class RecordedCapture implements Capture {
    private final int number;
    private final Redaction redaction;

    RecordedCapture(int number, Redaction redaction) {
      this.number = number;
      this.redaction = redaction;
    }

    @Override
    public void message(CaptureMessage message) {
      account.in(1);
      if (ended) {
        account.lost(LossCause.RECORDING_ENDED, 1);
        return;
      }
      try {
        write(Entry.message(number, redaction.apply(message)));
      } catch (RuntimeException e) { // what could not be redacted must not be written
        account.lost(LossCause.INTERNAL_ERROR, 1);
        LOG.log(Level.SEVERE, "a message could not be recorded: a defect in Sonde", e);
      }
    }

    @Override
    public void disconnected() {
      event(Entry.Kind.DISCONNECTED);
    }

    @Override
    public void resumed() {
      event(Entry.Kind.RESUMED);
    }

    @Override
    public void closed() {
      event(Entry.Kind.CLOSED);
    }

    private void event(Entry.Kind kind) {
      if (!ended) {
        write(Entry.of(kind, number));
      }
    }
  }
}
