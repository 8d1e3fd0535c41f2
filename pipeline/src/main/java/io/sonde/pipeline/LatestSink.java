package io.sonde.pipeline;

import io.sonde.pipeline.exchange.Exchange;
import io.sonde.pipeline.exchange.ExchangeSink;
import io.sonde.pipeline.exchange.RequestKey;
import java.util.function.Supplier;

/** For those who keep a sink longer than it lasts: a reload may put another in its place. */
final class LatestSink implements ExchangeSink {
  private final Supplier<ExchangeSink> latest;

  LatestSink(Supplier<ExchangeSink> latest) {
    this.latest = latest;
  }

  @Override
  public void accept(Exchange exchange) {
    latest.get().accept(exchange);
  }

  @Override
  public void unreported(RequestKey request) {
    latest.get().unreported(request);
  }

  @Override
  public void timePasses() {
    latest.get().timePasses();
  }
}
