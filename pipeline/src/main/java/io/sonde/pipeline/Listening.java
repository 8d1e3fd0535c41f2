package io.sonde.pipeline;

import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/**
 * An endpoint that others come to, and that can come to listen elsewhere. Moved by one thread.
 *
 * @param <C> where it is to listen, and how
 * @param <E> what listens
 */
final class Listening<C, E> {
  /** Makes it listen. */
  @FunctionalInterface
  interface Opening<C, E> {
    E open(C where) throws PipelineStartException;
  }

  private final Opening<C, E> opening;
  private final Consumer<E> closing;
  private final ToIntFunction<C> port;
  private C where;
  private volatile E endpoint;

  /** Listens at once. */
  Listening(C where, ToIntFunction<C> port, Opening<C, E> opening, Consumer<E> closing)
      throws PipelineStartException {
    this.opening = opening;
    this.closing = closing;
    this.port = port;
    this.where = where;
    this.endpoint = opening.open(where);
  }

  E endpoint() {
    return endpoint;
  }

  /**
   * Nobody finds it closed meanwhile, where the port changes.
   *
   * @throws PipelineStartException when that cannot be; then it listens where it did
   */
  void moveTo(C next) throws PipelineStartException {
    if (next.equals(where)) {
      return;
    }
    E old = endpoint;
    if (port.applyAsInt(next) == port.applyAsInt(where)) {
      closing.accept(old);
      endpoint = openOrGoBack(next);
    } else {
      endpoint = opening.open(next);
      closing.accept(old);
    }
    where = next;
  }

  private E openOrGoBack(C next) throws PipelineStartException {
    try {
      return opening.open(next);
    } catch (PipelineStartException e) {
      endpoint = opening.open(where);
      throw e;
    }
  }

  void close() {
    closing.accept(endpoint);
  }
}
