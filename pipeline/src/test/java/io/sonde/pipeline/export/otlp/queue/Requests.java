package io.sonde.pipeline.export.otlp.queue;

import io.sonde.pipeline.export.otlp.request.OtlpRequest;
import io.sonde.pipeline.export.otlp.request.Signal;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Requests that say who they are: a number, then its bytes repeated. */
final class Requests {
  private Requests() {}

  /** Numbered from 0; with 1 to 7 items, so that items and requests are not mistaken. */
  static OtlpRequest request(int number, int bytes) {
    byte[] body = new byte[bytes];
    Arrays.fill(body, (byte) number);
    ByteBuffer.wrap(body).putInt(number);
    return new OtlpRequest(Signal.TRACES, items(number), body);
  }

  static int items(int number) {
    return 1 + number % 7;
  }

  static long itemsOfFirst(int count) {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += items(i);
    }
    return sum;
  }

  /** The number of a request, after a look at all of its bytes. */
  static int number(OtlpRequest request) {
    int number = ByteBuffer.wrap(request.body()).getInt();
    if (!Arrays.equals(request.body(), request(number, request.body().length).body())
        || request.items() != items(number)) {
      throw new AssertionError("not what was offered: number " + number);
    }
    return number;
  }
}
