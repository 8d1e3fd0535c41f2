package io.sonde.server;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.sonde.contract.v1.CaptureMessage;
import io.sonde.contract.v1.CaptureServiceGrpc.CaptureServiceImplBase;
import io.sonde.contract.v1.ReceiverMessage;
import java.util.concurrent.ScheduledExecutorService;

/** The gRPC face: a {@link CaptureStream} for every call. */
final class CaptureService extends CaptureServiceImplBase {
  private final Sessions sessions;
  private final ScheduledExecutorService pipelineThread;

  CaptureService(Sessions sessions, ScheduledExecutorService pipelineThread) {
    this.sessions = sessions;
    this.pipelineThread = pipelineThread;
  }

  @Override
  public StreamObserver<CaptureMessage> capture(StreamObserver<ReceiverMessage> responses) {
    return new CaptureStream(
        sessions, pipelineThread, (ServerCallStreamObserver<ReceiverMessage>) responses);
  }
}
