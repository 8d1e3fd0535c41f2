package io.sonde.server;

import io.grpc.StatusException;
import io.sonde.contract.v1.CaptureMessage;
import io.sonde.contract.v1.Hello;
import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.event.CaptureSink;
import io.sonde.pipeline.event.CaptureStarted;
import io.sonde.server.recording.CaptureTap;
import io.sonde.server.recording.Entry;
import io.sonde.server.recording.RecordingException;
import io.sonde.server.recording.RecordingReader;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Feeds a recording to the pipeline, as the receiver fed it what it recorded: the same calls in the
 * same order, on the thread that calls. Neither socket nor privilege is needed.
 */
public final class Replay {
  /** At a time; a receiver serves fewer. */
  private static final int MAX_SESSIONS = 64;

  private final RecordingReader recording;
  private final Function<CaptureStarted, CaptureSink> pipeline;
  private final CaptureTap tap;
  private final ReceiverAccounts accounts =
      new ReceiverAccounts(new Account("receive"), new Account("records"));
  private final Map<Integer, Session> open = new HashMap<>();

  /**
   * @param pipeline called for every capture instance that was recorded
   * @param tap is told all of it anew
   */
  public Replay(
      RecordingReader recording, Function<CaptureStarted, CaptureSink> pipeline, CaptureTap tap) {
    this.recording = recording;
    this.pipeline = pipeline;
    this.tap = tap;
  }

  /** Messages, and the records in them: what was fed, and what could not be. */
  public List<Account> accounts() {
    return List.of(accounts.messages(), accounts.records());
  }

  /**
   * Feeds all of it, and closes every sink, also when it cannot be read to the end.
   *
   * @param goOn asked between messages
   * @throws RecordingException when it is damaged: everything before the damage was fed
   */
  public void run(BooleanSupplier goOn) throws IOException {
    try {
      for (Entry entry = recording.next(); entry != null; entry = recording.next()) {
        if (!goOn.getAsBoolean()) {
          return;
        }
        feed(entry);
      }
    } catch (StatusException e) {
      throw new RecordingException("it cannot be replayed: " + e.getStatus().getDescription(), e);
    } finally {
      open.values().forEach(Session::close);
      open.clear();
    }
  }

  private void feed(Entry entry) throws StatusException, RecordingException {
    Session session = open.get(entry.capture());
    if (session == null) {
      open.put(entry.capture(), open(entry));
      return;
    }
    switch (entry.kind()) {
      case MESSAGE -> session.take(entry.message());
      case DISCONNECTED -> session.disconnected();
      case RESUMED -> session.resumed();
      case CLOSED -> {
        open.remove(entry.capture());
        session.close();
      }
      case END -> throw new IllegalStateException("the reader keeps the end to itself");
    }
  }

  private Session open(Entry entry) throws StatusException, RecordingException {
    CaptureMessage first = entry.message();
    if (first == null || !first.hasHello()) {
      throw new RecordingException("what capture " + entry.capture() + " says has no beginning");
    }
    if (open.size() == MAX_SESSIONS) {
      throw new RecordingException("it has more than " + MAX_SESSIONS + " captures at a time");
    }
    Hello hello = first.getHello();
    Sessions.check(hello);
    CaptureStarted started = Sessions.started(hello);
    return new Session(
        hello.getInstanceId(), started, pipeline.apply(started), tap.opened(first), accounts);
  }
}
