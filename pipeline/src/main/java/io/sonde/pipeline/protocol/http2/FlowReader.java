package io.sonde.pipeline.protocol.http2;

import io.sonde.pipeline.protocol.Flow;
import io.sonde.pipeline.protocol.MalformedMessageException;
import io.sonde.pipeline.protocol.Operation;
import io.sonde.pipeline.protocol.http2.hpack.HpackDecoder;

/**
 * Reads one flow of a connection: cuts it into frames, decodes their fields by the table of this
 * flow, and counts the contents of its streams.
 */
abstract class FlowReader implements Frames {
  private final Flow flow;
  private final Http2Protocol shared;
  private final HpackDecoder table;

  final OpenStreams streams;

  /** Null before the first byte. */
  private FrameReader frames;

  /** Some of the flow was not read: its beginning, or what went by out of step. */
  private boolean missed;

  FlowReader(Flow flow, Http2Protocol shared, OpenStreams streams) {
    this.flow = flow;
    this.shared = shared;
    this.streams = streams;
    this.table = new HpackDecoder(shared.scratch);
  }

  final boolean hasBegun() {
    return frames != null;
  }

  final void begin(FrameReader.Start start) {
    frames = new FrameReader(this, shared.budget, start);
    if (start == FrameReader.Start.UNKNOWN) {
      missSome();
    }
  }

  final void bytes(byte[] data, int offset, int length, Operation operation) {
    frames.bytes(data, offset, length, operation);
  }

  final void gap(long length, long lastNs) {
    frames.gap(length, lastNs);
  }

  final boolean hasMissedSome() {
    return missed;
  }

  final boolean inStep() {
    return hasBegun() && frames.inStep();
  }

  final boolean isOutOfStep() {
    return hasBegun() && !frames.inStep();
  }

  final boolean inFields() {
    return hasBegun() && frames.inFields();
  }

  final void recordsLost() {
    missSome();
    end();
  }

  /** Nothing more is read until frames are seen to begin. */
  final void end() {
    if (hasBegun()) {
      frames.loseStep();
    }
  }

  private void missSome() {
    missed = true;
    table.missedSome();
  }

  @Override
  public final void fields(
      int stream, boolean promised, boolean ends, byte[] data, int from, int to, long timeNs) {
    Fields fields = shared.fields.reset();
    boolean lost = false;
    try {
      table.decode(data, from, to, fields);
    } catch (MalformedMessageException e) {
      fields.lost();
      lost = true;
    }
    if (!promised) {
      fields(stream, ends, fields, lost, timeNs);
    }
  }

  @Override
  public final void fieldsLost(int stream, boolean promised, boolean ends, long timeNs) {
    table.missedSome();
    if (!promised) {
      fields(stream, ends, shared.fields.lost(), true, timeNs);
    }
  }

  @Override
  public final void data(int id, byte[] data, int from, int to) {
    Http2Stream stream = streams.get(id);
    if (stream != null) {
      streams.tunnelBytes(stream, flow, to - from);
      stream.content(flow).read(data, from, to);
    }
  }

  @Override
  public final void dataGap(int id, long length) {
    Http2Stream stream = streams.get(id);
    if (stream != null) {
      streams.tunnelBytes(stream, flow, length);
      stream.content(flow).gap(length);
    }
  }

  @Override
  public final void dataUnknown(int id) {
    Http2Stream stream = streams.get(id);
    if (stream != null) {
      stream.content(flow).lose();
    }
  }

  @Override
  public void stepLost(boolean malformed) {
    missSome();
  }

  /**
   * A header block that is no promise.
   *
   * @param fields valid only during the call
   * @param lost none of the fields are known
   */
  abstract void fields(int id, boolean ends, Fields fields, boolean lost, long timeNs);
}
