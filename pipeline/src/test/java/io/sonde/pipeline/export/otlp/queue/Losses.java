package io.sonde.pipeline.export.otlp.queue;

import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.accounting.LossCause;
import java.util.Arrays;

/** Counts as the owner of a queue does. */
final class Losses implements LossListener {
  private final Account account = new Account("test");

  @Override
  public void lost(LossCause cause, long items) {
    account.lost(cause, items);
  }

  long of(LossCause cause) {
    return account.lostTotal(cause);
  }

  long total() {
    return Arrays.stream(LossCause.values()).mapToLong(account::lostTotal).sum();
  }
}
