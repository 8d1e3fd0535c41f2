package io.sonde.server;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.sonde.contract.v1.CaptureMessage;
import io.sonde.contract.v1.CaptureServiceGrpc.CaptureServiceImplBase;
import io.sonde.contract.v1.ReceiverMessage;

/** The gRPC face: a {@link CaptureStream} for every call. */
final class CaptureService extends CaptureServiceImplBase {
  private final Sessions sessions;
  private final PipelineThread pipelineThread;

  CaptureService(Sessions sessions, PipelineThread pipelineThread) {
    this.sessions = sessions;
    this.pipelineThread = pipelineThread;
  }

  @Override
  public StreamObserver<CaptureMessage> capture(StreamObserver<ReceiverMessage> responses) {
    return new CaptureStream(
        sessions, pipelineThread, (ServerCallStreamObserver<ReceiverMessage>) responses);
  }
}
