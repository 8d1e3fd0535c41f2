package io.sonde.pipeline.protocol.http1;

import io.sonde.pipeline.accounting.Tunnel;
import io.sonde.pipeline.protocol.ConnectionContext;
import io.sonde.pipeline.protocol.Flow;
import io.sonde.pipeline.protocol.Operation;
import io.sonde.pipeline.protocol.ProtocolDecoder;
import io.sonde.pipeline.protocol.UpgradeTarget;

/**
 * That a connection speaks HTTP/1 no more, and what it goes on with: the bytes of a tunnel, HTTP/2,
 * or nothing of interest.
 */
final class Handover {
  private final ConnectionContext context;

  /** Nothing of this connection is read as HTTP/1 any more. */
  private boolean done;

  /** What the connection has become; null while it speaks HTTP. */
  private Tunnel tunnel;

  /** Of HTTP/2 by Upgrade; null while it speaks HTTP/1. */
  private ProtocolDecoder successor;

  Handover(ConnectionContext context) {
    this.context = context;
  }

  boolean isDone() {
    return done;
  }

  void end() {
    done = true;
  }

  void toTunnel(Tunnel kind) {
    tunnel = kind;
  }

  void toHttp2(UpgradeTarget http2, OpenExchange request) {
    successor = http2.upgraded(context, request.upgraded(), request.told);
    context.continuesAs(http2, successor);
  }

  /** Bytes went by that were not looked at. */
  void passOver(Flow flow, long bytes) {
    if (tunnel != null) {
      context.tunnelled(tunnel, flow, bytes);
    }
  }

  /** The bytes behind the head that said so, from the same operation. */
  void rest(Flow flow, byte[] data, int offset, int length, Operation operation) {
    if (successor == null) {
      passOver(flow, length);
    } else {
      successor.bytes(flow, data, offset, length, operation);
    }
  }

  /** As {@link #rest}, where they were not captured. */
  void restNotCaptured(Flow flow, long length, long lastNs) {
    if (successor == null) {
      passOver(flow, length);
    } else {
      successor.gap(flow, length, lastNs);
    }
  }

  /** Told when the answer that led here was itself read at the close, ahead of its request. */
  void closed(boolean reset, boolean locally, long timeNs) {
    if (successor != null) {
      successor.closed(reset, locally, timeNs);
    }
  }
}
