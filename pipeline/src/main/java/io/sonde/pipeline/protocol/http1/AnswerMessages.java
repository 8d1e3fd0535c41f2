package io.sonde.pipeline.protocol.http1;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.accounting.Tunnel;
import io.sonde.pipeline.protocol.Detection;
import io.sonde.pipeline.protocol.Flow;
import io.sonde.pipeline.protocol.MalformedMessageException;
import io.sonde.pipeline.protocol.Operation;
import io.sonde.pipeline.protocol.UpgradeTarget;
import io.sonde.pipeline.protocol.http1.BodyReader.Framing;

/**
 * Gives each answer of one connection to the first of its open exchanges, and sees where it ends
 * HTTP/1.
 */
final class AnswerMessages implements MessageReader.Messages {
  private final StatusHead head;
  private final UpgradeTarget http2;
  private final OpenExchanges open;
  private final Lockstep step;
  private final Handover handover;
  private boolean interim;

  AnswerMessages(Http1Protocol shared, OpenExchanges open, Lockstep step, Handover handover) {
    this.head = shared.statusHead;
    this.http2 = shared.http2;
    this.open = open;
    this.step = step;
    this.handover = handover;
  }

  @Override
  public boolean begins(Operation operation) {
    interim = false;
    return step.answerBegins(operation.timeNs());
  }

  @Override
  public Detection detect(byte[] data, int from, int to) {
    return StartLine.detectStatus(data, from, to);
  }

  @Override
  public void head(byte[] data, int from, int to, boolean cut, BodyReader body)
      throws MalformedMessageException {
    head.read(data, from, to);
    interim = head.isInterim();
    if (interim && cut) {
      step.lose(LossCause.HEAD_NOT_CAPTURED); // where the final answer begins cannot be known
    } else if (interim) {
      body.start(Framing.ENDED, 0);
    } else {
      finalHead(open.first(), cut, body);
    }
  }

  private void finalHead(OpenExchange exchange, boolean cut, BodyReader body)
      throws MalformedMessageException {
    exchange.answered(head, cut);
    if (exchange.opensTunnel()) {
      if (!cut && !exchange.connect && head.upgradesToHttp2()) {
        upgradeToHttp2();
      } else {
        openTunnel(exchange.connect ? Tunnel.CONNECT : head.upgrade());
      }
      return;
    }
    if (exchange.connect) {
      step.tunnelRefused();
    }
    if (cut) {
      body.startUnknown(head.fields.chunked);
    } else {
      head.frame(exchange, body);
    }
    body.readInto(exchange.answerMessages);
    step.giveUpIfPipelined();
  }

  @Override
  public void ends(long timeNs, long payload) {
    if (!interim) {
      open.finishFirst(timeNs, payload, null);
    }
  }

  /** What follows on both flows is not HTTP: RFC 9110 §7.8 and §9.3.6. */
  private void openTunnel(Tunnel kind) {
    open.finishFirst(step.lastAnswerNs(), 0, null);
    long ahead = step.leave();
    handover.toTunnel(kind);
    handover.passOver(Flow.REQUESTS, ahead);
  }

  /** The answer to the request comes in HTTP/2, behind this one (RFC 7540 §3.2). */
  private void upgradeToHttp2() {
    OpenExchange request = open.takeFirst();
    step.leave();
    handover.toHttp2(http2, request);
  }
}
