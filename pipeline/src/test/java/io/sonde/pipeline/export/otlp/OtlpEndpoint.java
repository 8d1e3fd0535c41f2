package io.sonde.pipeline.export.otlp;

import com.google.protobuf.InvalidProtocolBufferException;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.sonde.pipeline.OtlpConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** An OTLP endpoint over HTTP that keeps every request, to be read as the protocol defines it. */
final class OtlpEndpoint implements AutoCloseable {
  private final HttpServer server;
  private final ConcurrentLinkedQueue<byte[]> bodies = new ConcurrentLinkedQueue<>();

  OtlpEndpoint() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        request -> {
          bodies.add(request.getRequestBody().readAllBytes());
          request.sendResponseHeaders(200, -1);
          request.close();
        });
    server.start();
  }

  OtlpConfig config() {
    return TestOtlp.http("http://127.0.0.1:" + server.getAddress().getPort() + "/").config();
  }

  List<ExportTraceServiceRequest> traces() throws InvalidProtocolBufferException {
    List<ExportTraceServiceRequest> requests = new ArrayList<>();
    for (byte[] body : bodies) {
      requests.add(ExportTraceServiceRequest.parseFrom(body));
    }
    return requests;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
