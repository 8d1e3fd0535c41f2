package io.sonde.pipeline.protocol;

import io.sonde.pipeline.protocol.http1.Http1Protocol;
import java.util.List;

/** The protocols that are understood. */
public final class Protocols {
  private Protocols() {}

  /** Fresh instances for one capture, asked in this order. */
  public static List<Protocol> create() {
    return List.of(new Http1Protocol());
  }
}
