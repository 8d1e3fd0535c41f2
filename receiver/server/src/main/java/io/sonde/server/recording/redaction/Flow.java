package io.sonde.server.recording.redaction;

/** One direction of a connection, redacted as its bytes come. */
final class Flow {
  private enum At {
    BETWEEN,
    START_LINE,
    FIELDS,
    BODY,
    /** From its beginning to its end. */
    HTTP2,
    /** No HTTP any more, until it is told otherwise. */
    TUNNEL,
    /** Where messages begin is not known: nothing is kept until a turn begins as one does. */
    LOST
  }

  private final Conversation conversation;
  private final StartLine startLine = new StartLine();
  private final Fields fields = new Fields();
  private final Body body = new Body();
  private final Http2Frames http2 = new Http2Frames();
  private At at;

  /** Nothing has gone by. */
  private boolean fresh;

  /**
   * @param midstream whether it may have begun before its first bytes here
   */
  Flow(Conversation conversation, boolean midstream) {
    this.conversation = conversation;
    this.at = midstream ? At.LOST : At.BETWEEN;
    this.fresh = !midstream;
  }

  /**
   * @param turnBegins whether the bytes before were the other direction's
   */
  void redact(byte[] data, int from, int end, boolean turnBegins) {
    if (turnBegins) {
      beginTurn(data, from, end);
    }
    int i = beginHttp2(data, from, end);
    while (i < end) {
      switch (at) {
        case BETWEEN -> {
          if (data[i] == '\r' || data[i] == '\n') {
            i++;
          } else {
            startLine.start();
            at = At.START_LINE;
          }
        }
        case START_LINE -> i = startLine(data, i, end);
        case FIELDS -> i = fields(data, i, end);
        case BODY -> i = body(data, i, end);
        case HTTP2 -> {
          http2.redact(data, i, end);
          i = end;
          loseHttp2IfRefused();
        }
        case TUNNEL, LOST -> {
          Blank.data(data, i, end);
          i = end;
        }
      }
    }
  }

  /**
   * Whether it has begun as HTTP/2, or does so with these bytes: with the preface of a client, or
   * the settings of a server, as its very first.
   */
  boolean isHttp2(byte[] data, int from, int end) {
    return at == At.HTTP2
        || fresh
            && (Http2Frames.isPreface(data, from, end) || Http2Frames.isSettings(data, from, end));
  }

  /**
   * @return behind the preface, if these bytes begin with it
   */
  private int beginHttp2(byte[] data, int from, int end) {
    boolean begins = fresh && from < end && isHttp2(data, from, end);
    fresh &= from == end;
    if (!begins) {
      return from;
    }
    at = At.HTTP2;
    return Http2Frames.isPreface(data, from, end) ? from + Http2Frames.PREFACE.length : from;
  }

  private void loseHttp2IfRefused() {
    if (http2.isRefused()) {
      lose();
    }
  }

  private void beginTurn(byte[] data, int from, int end) {
    boolean mayBegin = at == At.LOST || at == At.BODY && conversation.isUnsureOf(this);
    if (mayBegin && StartLine.isWhole(data, from, end)) {
      at = At.BETWEEN;
    }
    if (at == At.BETWEEN) {
      conversation.turnBegins(this);
    }
  }

  private int startLine(byte[] data, int from, int end) {
    switch (startLine.redact(data, from, end)) {
      case OPEN -> {}
      case REQUEST -> begin(conversation.takesRequests(this));
      case STATUS -> begin(conversation.takesAnswers(this));
      case REFUSED -> lose();
    }
    return at == At.LOST ? from : startLine.next();
  }

  private void begin(boolean expected) {
    if (expected) {
      fields.start();
      at = At.FIELDS;
    } else {
      lose();
    }
  }

  private int fields(byte[] data, int from, int end) {
    switch (fields.redact(data, from, end)) {
      case OPEN -> {}
      case ENDED -> {
        at = At.BODY;
        conversation.headEnded(this, startLine, fields, body);
        endMessage();
      }
      case REFUSED -> lose();
    }
    return fields.next();
  }

  private int body(byte[] data, int from, int end) {
    int next = body.redact(data, from, end);
    endMessage();
    return next;
  }

  private void endMessage() {
    if (at == At.BODY && body.isEnded()) {
      at = At.BETWEEN;
    } else if (at == At.BODY && body.isRefused()) {
      lose();
    }
  }

  /** Bytes were moved that were not captured. */
  void gap(long length) {
    fresh = false;
    if (at == At.HTTP2) {
      http2.gap(length);
      loseHttp2IfRefused();
    } else if (at == At.BODY) {
      body.gap(length);
      endMessage();
    } else if (at != At.TUNNEL) {
      lose();
    }
  }

  /** From now on nothing is known. */
  void lose() {
    fresh = false;
    if (at == At.HTTP2) { // its tables are not known any more
      at = At.TUNNEL;
      conversation.lost();
    } else if (at != At.TUNNEL) {
      at = At.LOST;
      conversation.lost();
    }
  }

  void becomeTunnel() {
    at = At.TUNNEL;
  }

  /** The tunnel that was asked for is not made. */
  void leaveTunnel() {
    at = At.BETWEEN;
  }
}
