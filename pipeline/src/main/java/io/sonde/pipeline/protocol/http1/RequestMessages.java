package io.sonde.pipeline.protocol.http1;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.protocol.ConnectionContext;
import io.sonde.pipeline.protocol.Detection;
import io.sonde.pipeline.protocol.MalformedMessageException;
import io.sonde.pipeline.protocol.Operation;

/** Makes an open exchange of each request of one connection. */
final class RequestMessages implements MessageReader.Messages {
  private final ConnectionContext context;
  private final RequestHead head;
  private final OpenExchanges open;
  private final Lockstep step;

  /** That moved the first byte of the latest request. */
  private final Operation first = new Operation();

  private long previousStartedNs;

  RequestMessages(ConnectionContext context, RequestHead head, OpenExchanges open, Lockstep step) {
    this.context = context;
    this.head = head;
    this.open = open;
    this.step = step;
  }

  @Override
  public boolean begins(Operation operation) {
    first.set(operation);
    return true;
  }

  @Override
  public Detection detect(byte[] data, int from, int to) {
    return step.isTentative()
        ? StartLine.detectRequest(false, data, from, to)
        : StartLine.detectNextRequest(data, from, to);
  }

  @Override
  public void head(byte[] data, int from, int to, boolean cut, BodyReader body)
      throws MalformedMessageException {
    if (detect(data, from, to) != Detection.YES) {
      throw new MalformedMessageException(Http1Protocol.NAME, 0, "a request line");
    }
    OpenExchange exchange = new OpenExchange(context.secure());
    head.read(data, from, to, cut, exchange);
    step.requestFound();
    if (!open.add(exchange)) {
      step.lose(LossCause.TOO_MANY_PIPELINED);
      return;
    }
    begin(exchange);
    exchange.asked(cut);
    if (cut) {
      exchange.requestBodyBytes = head.declaredLength();
      step.skipRequests();
    } else if (exchange.connect) {
      exchange.requestBodyBytes = 0;
      step.holdRequests();
    } else {
      head.frame(body);
      body.readInto(exchange.requestMessages);
      open.uploads(exchange, body);
      if (head.isAmbiguous()) {
        step.missed(LossCause.AMBIGUOUS_FRAMING); // what is hidden behind it; it is not lost itself
      }
    }
  }

  @Override
  public void ends(long timeNs, long payload) {
    open.uploaded();
  }

  private void begin(OpenExchange exchange) {
    exchange.startedNs = first.timeNs();
    exchange.arrivedNs = arrivedNs();
    exchange.tid = first.tid();
    exchange.threads = first.threads();
    exchange.service = context.service(first.pid());
    previousStartedNs = first.timeNs();
    context.begun();
  }

  /** A stamp from before the previous request, or from after the read, is not this request's. */
  private long arrivedNs() {
    long arrived = first.arrivedNs();
    boolean sound =
        context.role() == Role.SERVER
            && arrived != 0
            && arrived >= previousStartedNs
            && arrived <= first.timeNs();
    return sound ? arrived : first.timeNs();
  }
}
