package io.sonde.pipeline.connection;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.event.Direction;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.protocol.Detection;
import io.sonde.pipeline.protocol.Flow;
import io.sonde.pipeline.protocol.Operation;
import io.sonde.pipeline.protocol.Protocol;

/**
 * Finds out what a conversation speaks, by the first bytes of a turn, and counts what it cannot
 * tell.
 *
 * <p>Bytes of a socket that are TLS, or may be the middle of it, are not counted at once: their
 * plaintext may still be told. What is owed for them is counted when the connection is over, or
 * when it is certain that they are something else.
 */
final class Recognition {
  /** After so many turns that begin with nothing known, the connection is taken for another's. */
  private static final int MAX_UNREADABLE_TURNS = 4;

  private static final Flow[] FLOWS = Flow.values();

  private final CaptureScope scope;
  private final Conversation conversation;

  /** Joined after the start of the conversation, or its first bytes could not be read. */
  private boolean midstream;

  private Prefix prefix;

  /** Of the bytes or gap before; null: the next bytes may begin a turn. */
  private Direction turn;

  private boolean turnUnreadable;

  /** Counted or owed. */
  private boolean unreadableCounted;

  private int unreadableTurns;
  private boolean owesMidstream;
  private boolean sawTls;

  /**
   * @param midstream joined after its start
   */
  Recognition(CaptureScope scope, Conversation conversation, boolean midstream) {
    this.scope = scope;
    this.conversation = conversation;
    this.midstream = midstream;
  }

  void recordsLost() {
    prefix = null;
    midstream = true;
    unreadableCounted = true;
    turn = null;
  }

  void gap(Direction direction) {
    beginTurn(direction);
    if (!turnUnreadable && !conversation.isOpaque()) {
      startNotCaptured(direction);
    }
  }

  /**
   * Says nothing of the protocol. Where the side is known, each turn of the client is a request.
   */
  private void startNotCaptured(Direction direction) {
    prefix = null;
    turnUnreadable = true;
    midstream = true;
    Role role = conversation.role();
    if (role != Role.UNKNOWN && Flow.of(role, direction) == Flow.REQUESTS) {
      unreadableCounted = false;
    }
    countUnreadable(LossCause.HEAD_NOT_CAPTURED);
  }

  void bytes(Direction direction, byte[] data, int offset, int length, Operation operation) {
    beginTurn(direction);
    if (!turnUnreadable && !conversation.isOpaque()) {
      detect(direction, data, offset, length, operation);
    }
  }

  /** The connection is gone. */
  void closed() {
    giveUpPrefix();
    settle();
  }

  /** No plaintext will be told any more. */
  void settle() {
    if (sawTls) {
      sawTls = false;
      conversation.unreadable(LossCause.TLS);
      conversation.tlsUnread();
    } else if (owesMidstream) {
      conversation.unreadable(LossCause.STARTED_MIDSTREAM);
    }
    owesMidstream = false;
  }

  private void beginTurn(Direction direction) {
    if (turn != direction) {
      giveUpPrefix();
      turn = direction;
      turnUnreadable = false;
    }
  }

  /** The turn ended before it could be told what it was. */
  private void giveUpPrefix() {
    if (prefix != null) {
      unreadable(LossCause.NOT_HTTP);
    }
  }

  private void detect(
      Direction direction, byte[] data, int offset, int length, Operation operation) {
    if (prefix == null) {
      if (settled(direction, data, offset, length, operation)) {
        return;
      }
      prefix = new Prefix(operation);
    }
    Prefix whole = prefix;
    int kept = whole.add(data, offset, length);
    if (settled(direction, whole.bytes(), 0, whole.length(), whole.operation)) {
      prefix = null;
      if (kept < length) {
        conversation.rest(direction, data, offset + kept, length - kept, operation);
      }
    }
  }

  /**
   * Asks the protocols whether these bytes begin a message of theirs.
   *
   * @return false when more bytes are needed to tell
   */
  private boolean settled(
      Direction direction, byte[] data, int offset, int length, Operation operation) {
    Role role = conversation.role();
    boolean needMore = false;
    for (Protocol protocol : scope.protocols) {
      for (Flow flow : FLOWS) {
        if (role != Role.UNKNOWN && Flow.of(role, direction) != flow) {
          continue;
        }
        Detection detection = protocol.detect(flow, !midstream, data, offset, length);
        if (detection == Detection.EITHER_FLOW && role == Role.UNKNOWN) {
          sideless();
          return true;
        }
        if (detection != Detection.NO && detection != Detection.NEED_MORE) {
          recognised(protocol, flow, direction, detection);
          conversation.rest(direction, data, offset, length, operation);
          return true;
        }
        needMore |= detection == Detection.NEED_MORE;
      }
    }
    needMore |= OtherProtocol.needsMore(data, offset, length);
    if (!needMore) {
      unreadable(OtherProtocol.of(data, offset, length));
    }
    return !needMore;
  }

  /** It is known what is spoken, but not who asks and who answers: another turn will tell. */
  private void sideless() {
    prefix = null;
    turnUnreadable = true;
    oweMidstream();
  }

  private void recognised(Protocol protocol, Flow flow, Direction direction, Detection detection) {
    boolean first = detection == Detection.FIRST;
    boolean answerFirst = midstream && flow == Flow.ANSWERS;
    boolean turnSkipped = owesMidstream && first;
    if (owesMidstream && !first) {
      settle();
    }
    owesMidstream = false;
    conversation.speaks(protocol, flow, direction, answerFirst || turnSkipped);
    if (answerFirst && !unreadableCounted) {
      unreadableCounted = true;
      conversation.startMissed(protocol, detection == Detection.EITHER_FLOW);
    }
  }

  /** This turn does not begin as any protocol does. */
  private void unreadable(LossCause what) {
    prefix = null;
    turnUnreadable = true;
    boolean mayBeRead = !conversation.secure() && what == LossCause.TLS;
    if (mayBeRead && !sawTls) {
      sawTls = true;
      conversation.tlsSeen();
    }
    if (!midstream) {
      if (!mayBeRead) {
        countUnreadable(what);
      }
      conversation.leave();
      return;
    }
    oweMidstream();
    if (conversation.secure()) {
      settle();
    }
    if (++unreadableTurns > MAX_UNREADABLE_TURNS) {
      if (!sawTls) {
        settle();
        conversation.unreadable(what);
      }
      conversation.leave();
    }
  }

  private void oweMidstream() {
    if (!unreadableCounted) {
      unreadableCounted = true;
      owesMidstream = true;
    }
  }

  /** Once for a whole unreadable stretch: what it hides cannot be known. */
  private void countUnreadable(LossCause cause) {
    if (!unreadableCounted) {
      unreadableCounted = true;
      conversation.unreadable(cause);
    }
  }
}
