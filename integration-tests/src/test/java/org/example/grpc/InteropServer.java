package org.example.grpc;

import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.testing.integration.TestServiceImpl;
import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;

/** usage: {@code InteropServer PORT}; tells of each call when it has ended. */
final class InteropServer {
  private InteropServer() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    ScheduledExecutorService executor = Executors.newScheduledThreadPool(2);
    Server server =
        Grpc.newServerBuilderForPort(
                Integer.parseInt(arguments[0]), InsecureServerCredentials.create())
            .addStreamTracerFactory(new Telling())
            .addService(
                ServerInterceptors.intercept(
                    new TestServiceImpl(executor), TestServiceImpl.interceptors()))
            .addService(new HealthStatusManager().getHealthService())
            .addService(ProtoReflectionServiceV1.newInstance())
            .build()
            .start();
    System.out.println("listening on " + server.getPort());
    server.awaitTermination();
  }

  private static final class Telling extends ServerStreamTracer.Factory {
    @Override
    public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
      AtomicInteger requests = new AtomicInteger();
      AtomicInteger responses = new AtomicInteger();
      return new ServerStreamTracer() {
        @Override
        public void inboundMessage(int number) {
          requests.incrementAndGet();
        }

        @Override
        public void outboundMessage(int number) {
          responses.incrementAndGet();
        }

        @Override
        public void streamClosed(Status status) {
          System.out.printf(
              "call %s %d %s %s%n", method, status.getCode().value(), requests, responses);
        }
      };
    }
  }
}
