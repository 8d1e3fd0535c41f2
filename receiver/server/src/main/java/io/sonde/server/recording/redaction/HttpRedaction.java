package io.sonde.server.recording.redaction;

import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import io.sonde.contract.MalformedRecordException;
import io.sonde.contract.RecordLayout.Activity;
import io.sonde.contract.RecordLayout.Direction;
import io.sonde.contract.RecordLayout.Flag;
import io.sonde.contract.RecordLayout.Fragment;
import io.sonde.contract.RecordLayout.Goroutine;
import io.sonde.contract.RecordLayout.Kind;
import io.sonde.contract.RecordLayout.Role;
import io.sonde.contract.RecordReader;
import io.sonde.contract.v1.Block;
import io.sonde.contract.v1.CaptureMessage;
import io.sonde.contract.v1.ProcessStarted;
import io.sonde.server.recording.Redaction;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Redacts what one capture sends; see the package. */
public final class HttpRedaction implements Redaction {
  /**
   * And as many sessions, at 1.5 KB each. One that is forgotten is blanked until it begins a
   * message anew.
   */
  private static final int MAX_CONNECTIONS = 8_192;

  private static final byte[] LAST_CHUNK = {'\r', '\n', '0', '\r', '\n', '\r', '\n'};
  private static final int TAIL_SIZE = 8;
  private static final int TLS_HEADER = 3;

  /** Name the service. */
  private static final Set<String> VARIABLES =
      Set.of("OTEL_SERVICE_NAME", "OTEL_RESOURCE_ATTRIBUTES");

  private static final Parser<CaptureMessage> KNOWN =
      DiscardUnknownFieldsParser.wrap(CaptureMessage.parser());

  private final RecordReader reader = new RecordReader();
  private final Map<Long, Conversation> conversations = latestUsed();

  /** Plaintext of TLS is a conversation of its own, whatever connection it is on. */
  private final Map<Integer, Conversation> sessions = latestUsed();

  private static <K> Map<K, Conversation> latestUsed() {
    return new LinkedHashMap<>(64, 0.75f, true) {
      private static final long serialVersionUID = 1;

      @Override
      protected boolean removeEldestEntry(Map.Entry<K, Conversation> eldest) {
        return size() > MAX_CONNECTIONS;
      }
    };
  }

  @Override
  public CaptureMessage apply(CaptureMessage message) {
    if (message.hasBlock()) {
      return CaptureMessage.newBuilder()
          .setSequence(message.getSequence())
          .setBlock(redacted(message.getBlock()))
          .build();
    }
    CaptureMessage known = known(message);
    return switch (known.getMessageCase()) {
      case HELLO, PROCESS_EXITED, STATS -> known;
      case PROCESS_STARTED ->
          known.toBuilder().setProcessStarted(redacted(known.getProcessStarted())).build();
      default -> CaptureMessage.newBuilder().setSequence(known.getSequence()).build();
    };
  }

  /** Without what this release does not know: it cannot be judged. */
  private static CaptureMessage known(CaptureMessage message) {
    try {
      return KNOWN.parseFrom(message.toByteString());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a message that was read can be read", e);
    }
  }

  private static ProcessStarted redacted(ProcessStarted process) {
    ProcessStarted.Builder redacted =
        process.toBuilder()
            .clearArguments()
            .addAllArguments(
                Arguments.redacted(process.getExecutable(), process.getArgumentsList()));
    process
        .getEnvironmentMap()
        .forEach(
            (name, value) ->
                redacted.putEnvironment(name, VARIABLES.contains(name) ? value : Arguments.BLANK));
    return redacted.build();
  }

  private Block redacted(Block block) {
    byte[] records = block.getRecords().toByteArray();
    reader.wrap(records, 0, records.length);
    int start = 0;
    for (boolean more = true; more; ) {
      try {
        more = reader.next();
        if (more) {
          record(records);
          start = end();
        }
      } catch (MalformedRecordException e) {
        // Counted when it is replayed, as it was when it came; what is in it cannot be judged.
        Blank.data(records, start, records.length);
        more = false;
      }
    }
    return Block.newBuilder()
        .setRecords(UnsafeByteOperations.unsafeWrap(records))
        .setCount(block.getCount())
        .build();
  }

  private int start() {
    return reader.dataOffset() - Activity.DATA;
  }

  private int end() {
    return start() + reader.length();
  }

  private void record(byte[] records) {
    if (reader.kind() == Kind.CONNECTION) {
      conversations.computeIfAbsent(reader.connection(), id -> announced());
      return;
    }
    if (reader.kind() == Kind.GOROUTINE) {
      return; // a route is the program's, not a request's
    }
    int start = start();
    redactTail(records, start + Activity.RX_TAIL, records[start + Activity.RX_TAIL_LENGTH]);
    redactTail(records, start + Activity.TX_TAIL, records[start + Activity.TX_TAIL_LENGTH]);
    // What fills the record up to its alignment was never told to be anything.
    int goroutine = (reader.flags() & Flag.GOROUTINE) == 0 ? 0 : Goroutine.SIZE;
    Blank.data(records, reader.dataOffset() + reader.captured(), end() - goroutine);
    activity(records);
    if (reader.kind() == Kind.CLOSED) {
      conversations.remove(reader.connection());
    }
  }

  /** How long they are stays. */
  private void blankData(byte[] records) {
    int from = reader.dataOffset();
    int end = from + reader.captured();
    if (!reader.hasFragments()) {
      Blank.data(records, from, end);
      return;
    }
    for (int at = from; at < end; ) {
      int next = Math.min(reader.nextFragment(at), end);
      Blank.data(records, at + Fragment.DATA, next);
      at = next;
    }
  }

  /** Frames of HTTP/2: where it is not known how that began, nothing in them can be judged. */
  private void fragments(Conversation conversation, boolean received, byte[] records) {
    int from = reader.dataOffset();
    int end = from + reader.captured();
    long offset = received ? reader.rxOffset() : reader.txOffset();
    long moved = 0;
    conversation.begins(received, offset);
    for (int at = from; at < end; ) {
      int next = Math.min(reader.nextFragment(at), end);
      int data = at + Fragment.DATA;
      int behind = data + reader.fragmentLength(at);
      conversation.gap(received, reader.fragmentSkipped(at));
      if (conversation.isHttp2(received, records, data, behind)) {
        conversation.piece(received, records, data, behind);
        Blank.data(records, behind, next);
      } else {
        Blank.data(records, data, next);
        conversation.gap(received, behind - (long) data);
      }
      moved += reader.fragmentSkipped(at) + reader.fragmentLength(at);
      at = next;
    }
    long bytes = Integer.toUnsignedLong(reader.bytes());
    conversation.gap(received, bytes - moved);
    conversation.ended(received, offset + bytes);
  }

  private void activity(byte[] records) {
    Conversation conversation =
        reader.kind() == Kind.PLAINTEXT
            ? sessions.computeIfAbsent(reader.session(), id -> new Conversation(!begins(), null))
            : conversations.computeIfAbsent(
                reader.connection(), id -> new Conversation(true, null));
    int from = reader.dataOffset();
    if (!conversation.next(reader.sequence())) {
      blankData(records);
      return;
    }
    conversation.positions(reader.rxOffset(), reader.txOffset());
    if (reader.kind() == Kind.CLOSED || (reader.flags() & Flag.SUMMARY) != 0) {
      blankData(records);
      return;
    }
    boolean received = reader.direction() == Direction.RX;
    if (reader.hasFragments()) {
      fragments(conversation, received, records);
      return;
    }
    int tlsHeader = tlsHeader(records, from);
    conversation.moved(
        received,
        received ? reader.rxOffset() : reader.txOffset(),
        records,
        from,
        reader.captured(),
        reader.bytes());
    if (tlsHeader != 0) {
      records[from] = (byte) (tlsHeader >> 16);
      records[from + 1] = (byte) (tlsHeader >> 8);
      records[from + 2] = (byte) tlsHeader;
    }
  }

  /**
   * Type and version of a record of TLS (RFC 8446 §5.1), by which it is known when it is replayed;
   * 0 when none begins there.
   */
  private int tlsHeader(byte[] records, int from) {
    if (reader.kind() != Kind.ACTIVITY || reader.captured() < TLS_HEADER) {
      return 0;
    }
    int type = records[from];
    int version = records[from + 2];
    boolean tls =
        type >= 0x14 && type <= 0x17 && records[from + 1] == 3 && version >= 0 && version <= 4;
    return tls ? type << 16 | 3 << 8 | version : 0;
  }

  /** Of a session whose handshake was seen, a summary of nothing is told first. */
  private boolean begins() {
    return (reader.flags() & Flag.SUMMARY) != 0 && reader.rxOffset() == 0 && reader.txOffset() == 0;
  }

  private Conversation announced() {
    boolean midstream = reader.openedNs() == 0 || reader.role() == Role.UNKNOWN;
    Boolean server = reader.role() == Role.UNKNOWN ? null : reader.role() == Role.SERVER;
    return new Conversation(midstream, server);
  }

  /**
   * Keeps of the last bytes of a stretch only what shows that they are the last chunk of a body.
   */
  private static void redactTail(byte[] records, int from, int length) {
    int kept = 0;
    int end = from + length;
    while (kept < LAST_CHUNK.length
        && end - kept > from
        && records[end - kept - 1] == LAST_CHUNK[LAST_CHUNK.length - kept - 1]) {
      kept++;
    }
    Blank.data(records, from, end - kept);
    Blank.data(records, end, from + TAIL_SIZE);
  }
}
