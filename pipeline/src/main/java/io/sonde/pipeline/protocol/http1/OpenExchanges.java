package io.sonde.pipeline.protocol.http1;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.protocol.Budget;
import io.sonde.pipeline.protocol.ConnectionContext;
import io.sonde.pipeline.protocol.FailureType;
import java.util.ArrayDeque;

/**
 * The requests of one connection whose answers are not complete. Answers come in the order of the
 * requests (RFC 9112 §9.3), so the next one is always that of the first. Each exchange is told
 * once: at its end, or when it has waited too long.
 */
final class OpenExchanges {
  /** Requests without an answer that are kept; clients that pipeline at all send some 16. */
  static final int MAX_OPEN = 64;

  private final ConnectionContext context;
  private final Budget openFields;
  private final ArrayDeque<OpenExchange> exchanges = new ArrayDeque<>(2);

  /** The one whose request body is being read; null between requests. */
  private OpenExchange uploading;

  /** Reads that body. */
  private BodyReader upload;

  OpenExchanges(ConnectionContext context, Budget openFields) {
    this.context = context;
    this.openFields = openFields;
  }

  boolean isEmpty() {
    return exchanges.isEmpty();
  }

  int size() {
    return exchanges.size();
  }

  /** Those that have not been told. */
  int untold() {
    int untold = 0;
    for (OpenExchange exchange : exchanges) {
      untold += exchange.told ? 0 : 1;
    }
    return untold;
  }

  /** Whose answer is the next; there is one. */
  OpenExchange first() {
    return exchanges.element();
  }

  /**
   * @return false when there is no room for it
   */
  boolean add(OpenExchange exchange) {
    return exchanges.size() < MAX_OPEN
        && openFields.take(exchange.fieldsLength())
        && exchanges.add(exchange);
  }

  /** From here on the body of its request is read. */
  void uploads(OpenExchange exchange, BodyReader body) {
    uploading = exchange;
    upload = body;
  }

  /** The end of the body that was being read, if one was. */
  void uploaded() {
    if (uploading != null) {
      uploading.requestBodyBytes = upload.payload();
      uploading = null;
    }
  }

  /**
   * The first is over; there is one.
   *
   * @param answerBytes content of the answer that was moved; -1 when not known
   * @param failure why there is no whole answer; null when there is
   */
  void finishFirst(long endedNs, long answerBytes, FailureType failure) {
    OpenExchange exchange = takeFirst();
    if (exchange == uploading) {
      uploaded();
    }
    if (!exchange.told) {
      tell(exchange, endedNs, answerBytes, failure);
    }
  }

  /** Whoever takes it tells it. */
  OpenExchange takeFirst() {
    OpenExchange exchange = exchanges.remove();
    openFields.giveBack(exchange.fieldsLength());
    return exchange;
  }

  /** See {@link io.sonde.pipeline.protocol.ProtocolDecoder#expire}. */
  void expire(long nowNs, long timeoutNs) {
    for (OpenExchange exchange : exchanges) {
      if (exchange.statusCode == 0 && !exchange.told && nowNs - exchange.startedNs >= timeoutNs) {
        if (exchange == uploading) {
          exchange.requestBodyBytes = upload.payload();
        }
        tell(exchange, exchange.startedNs + timeoutNs, 0, FailureType.TIMEOUT);
        exchange.told = true;
      }
    }
  }

  /** Which answer is whose is not known any more. */
  void giveUp(LossCause cause) {
    int untold = untold();
    if (untold > 0) {
      context.lost(cause, untold);
    }
    while (!exchanges.isEmpty()) {
      takeFirst();
    }
    uploading = null;
  }

  private void tell(OpenExchange exchange, long endedNs, long answerBytes, FailureType failure) {
    if (exchange.service == null) {
      context.lost(LossCause.UNKNOWN_PROCESS, 1);
      return;
    }
    if (exchange.truncated) {
      context.truncated();
    }
    context.finished(exchange.finished(context, endedNs, answerBytes, failure));
  }
}
