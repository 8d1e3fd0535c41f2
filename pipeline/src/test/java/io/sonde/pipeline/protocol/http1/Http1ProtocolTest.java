package io.sonde.pipeline.protocol.http1;

import io.sonde.pipeline.protocol.ProtocolKit;

class Http1ProtocolTest extends ProtocolKit {
  Http1ProtocolTest() {
    super(".http");
  }
}
