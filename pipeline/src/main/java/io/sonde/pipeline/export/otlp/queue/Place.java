package io.sonde.pipeline.export.otlp.queue;

/**
 * A place in everything a queue on disk has ever been given, counted in requests and in their
 * items. The difference of two places says how much lies between them, even when it cannot be read
 * any more: that is what makes the count of a loss exact.
 */
record Place(long requests, long items) {
  static final Place START = new Place(0, 0);

  /** Behind one more request with this many items. */
  Place after(int requestItems) {
    return new Place(requests + 1, items + requestItems);
  }

  boolean isBefore(Place other) {
    return requests < other.requests;
  }
}
