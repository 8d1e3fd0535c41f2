package io.sonde.pipeline.linking;

import io.sonde.pipeline.exchange.Exchange;
import io.sonde.pipeline.exchange.HttpExchange;
import io.sonde.pipeline.exchange.RequestKey;
import io.sonde.pipeline.exchange.RpcExchange;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Client calls that are over while the request they were made for goes on. Bounded in number, size
 * and time.
 */
final class HeldCalls {
  static final int MAX_CALLS = 8192;
  static final int MAX_CALLS_OF_A_REQUEST = 256;
  static final long MAX_CHARS = 4 * 1024 * 1024;

  /** Longer than most servers and proxies let a request take. */
  static final long MAX_AGE_NS = 60_000_000_000L;

  /** Of one request. */
  private record Calls(long sinceNs, List<Exchange> list) {}

  /** In the order of their first call. */
  private final Map<RequestKey, Calls> byRequest = new LinkedHashMap<>();

  private int calls;
  private long chars;

  /**
   * @return false when there is no room
   */
  boolean hold(RequestKey request, Exchange call, long nowNs) {
    long size = size(call);
    if (calls == MAX_CALLS || chars + size > MAX_CHARS) {
      return false;
    }
    Calls its = byRequest.computeIfAbsent(request, key -> new Calls(nowNs, new ArrayList<>(2)));
    if (its.list.size() == MAX_CALLS_OF_A_REQUEST) {
      return false;
    }
    its.list.add(call);
    calls++;
    chars += size;
    return true;
  }

  /** Takes those of a request out, in the order in which they ended. */
  List<Exchange> release(RequestKey request) {
    Calls its = byRequest.remove(request);
    return its == null ? List.of() : released(its);
  }

  /** Takes those out that have waited too long. */
  List<Exchange> expire(long nowNs) {
    List<Exchange> expired = new ArrayList<>();
    Iterator<Calls> eldest = byRequest.values().iterator();
    while (eldest.hasNext()) {
      Calls its = eldest.next();
      if (nowNs - its.sinceNs <= MAX_AGE_NS) {
        break;
      }
      eldest.remove();
      expired.addAll(released(its));
    }
    return expired;
  }

  private List<Exchange> released(Calls its) {
    calls -= its.list.size();
    for (Exchange call : its.list) {
      chars -= size(call);
    }
    return its.list;
  }

  /** What a peer can make long; the rest is bounded by the number. */
  private static long size(Exchange call) {
    return call.match(HeldCalls::target, HeldCalls::method)
        + length(call.userAgent())
        + length(call.serverAddress())
        + length(call.traceState());
  }

  private static int target(HttpExchange call) {
    return length(call.path()) + length(call.query());
  }

  private static int method(RpcExchange call) {
    return length(call.method());
  }

  private static int length(String text) {
    return text == null ? 0 : text.length();
  }
}
