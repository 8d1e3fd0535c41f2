package io.sonde.server;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.sonde.contract.v1.ExplainQuestion;
import io.sonde.contract.v1.ExplainReport;
import io.sonde.contract.v1.ExplainServiceGrpc.ExplainServiceImplBase;

/** The gRPC face of {@link Explanations}. */
final class ExplainService extends ExplainServiceImplBase {
  private final Sessions sessions;
  private final PipelineThread pipelineThread;

  ExplainService(Sessions sessions, PipelineThread pipelineThread) {
    this.sessions = sessions;
    this.pipelineThread = pipelineThread;
  }

  @Override
  public void explain(ExplainQuestion question, StreamObserver<ExplainReport> asker) {
    pipelineThread.execute(
        () -> {
          boolean asked =
              sessions.explain(
                  question,
                  report -> {
                    asker.onNext(report);
                    asker.onCompleted();
                  });
          if (!asked) {
            asker.onError(
                Status.RESOURCE_EXHAUSTED
                    .withDescription("too many questions at a time: ask again in a moment")
                    .asException());
          }
        });
  }
}
