package io.sonde.pipeline.export.otlp.queue;

import io.sonde.pipeline.accounting.LossCause;

/**
 * Told what a queue loses; {@code account::lost} is one. Called under the queue's lock, by
 * whichever thread met the loss: it must neither block nor call the queue.
 */
@FunctionalInterface
public interface LossListener {
  /**
   * @param items spans or metric points; 1 for a request that is too damaged to say how many
   */
  void lost(LossCause cause, long items);
}
