package org.example.grpc;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.StreamObserver;
import io.grpc.testing.integration.EmptyProtos.Empty;
import io.grpc.testing.integration.Messages.EchoStatus;
import io.grpc.testing.integration.Messages.Payload;
import io.grpc.testing.integration.Messages.ResponseParameters;
import io.grpc.testing.integration.Messages.SimpleRequest;
import io.grpc.testing.integration.Messages.StreamingInputCallRequest;
import io.grpc.testing.integration.Messages.StreamingInputCallResponse;
import io.grpc.testing.integration.Messages.StreamingOutputCallRequest;
import io.grpc.testing.integration.Messages.StreamingOutputCallResponse;
import io.grpc.testing.integration.TestServiceGrpc;
import io.grpc.testing.integration.UnimplementedServiceGrpc;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** usage: {@code InteropClient HOST:PORT}; reads names of test cases, all on one connection. */
final class InteropClient {
  private static final List<Integer> REQUEST_SIZES = List.of(27182, 8, 1828, 45904);
  private static final List<Integer> RESPONSE_SIZES = List.of(31415, 9, 2653, 58979);
  private static final EchoStatus UNKNOWN =
      EchoStatus.newBuilder().setCode(2).setMessage("test status message").build();

  private final TestServiceGrpc.TestServiceBlockingStub blocking;
  private final TestServiceGrpc.TestServiceStub async;
  private final UnimplementedServiceGrpc.UnimplementedServiceBlockingStub nobody;
  private final HealthGrpc.HealthBlockingStub health;

  private InteropClient(Channel channel) {
    this.blocking = TestServiceGrpc.newBlockingStub(channel);
    this.async = TestServiceGrpc.newStub(channel);
    this.nobody = UnimplementedServiceGrpc.newBlockingStub(channel);
    this.health = HealthGrpc.newBlockingStub(channel);
  }

  public static void main(String[] arguments) throws IOException {
    InteropClient client =
        new InteropClient(
            Grpc.newChannelBuilder(arguments[0], InsecureChannelCredentials.create()).build());
    System.out.println("ready");
    BufferedReader names =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (String name = names.readLine(); name != null; name = names.readLine()) {
      client.run(name);
      System.out.println("done " + name);
    }
    System.exit(0); // the channel's threads are nobody's concern
  }

  private void run(String name) {
    switch (name) {
      case "empty_unary" -> blocking.emptyCall(Empty.getDefaultInstance());
      case "large_unary" -> largeUnary();
      case "client_streaming" -> clientStreaming();
      case "server_streaming" -> check(count(blocking.streamingOutputCall(asking(0, 0))) == 4);
      case "ping_pong" -> check(fullDuplex(pingPong()).join() == 4);
      case "empty_stream" -> check(fullDuplex(List.of()).join() == 0);
      case "status_code_and_message" -> statusCodeAndMessage();
      case "unimplemented_method" ->
          failsWith(
              Status.Code.UNIMPLEMENTED,
              () -> blocking.unimplementedCall(Empty.getDefaultInstance()));
      case "unimplemented_service" ->
          failsWith(
              Status.Code.UNIMPLEMENTED,
              () -> nobody.unimplementedCall(Empty.getDefaultInstance()));
      case "cancel_after_first_response" -> cancelAfterFirstResponse();
      case "deadline" -> deadline();
      case "health" -> health.check(HealthCheckRequest.getDefaultInstance());
      default -> throw new IllegalArgumentException(name);
    }
  }

  private void largeUnary() {
    SimpleRequest request =
        SimpleRequest.newBuilder().setResponseSize(314159).setPayload(payload(271828)).build();
    check(blocking.unaryCall(request).getPayload().getBody().size() == 314159);
  }

  private void clientStreaming() {
    CompletableFuture<Integer> size = new CompletableFuture<>();
    StreamObserver<StreamingInputCallRequest> requests =
        async.streamingInputCall(
            observer(
                size,
                (StreamingInputCallResponse answer) ->
                    size.complete(answer.getAggregatedPayloadSize()),
                () -> {}));
    for (int one : REQUEST_SIZES) {
      requests.onNext(StreamingInputCallRequest.newBuilder().setPayload(payload(one)).build());
    }
    requests.onCompleted();
    check(size.join() == REQUEST_SIZES.stream().mapToInt(Integer::intValue).sum());
  }

  private void statusCodeAndMessage() {
    failsWith(
        Status.Code.UNKNOWN,
        () -> blocking.unaryCall(SimpleRequest.newBuilder().setResponseStatus(UNKNOWN).build()));
    Throwable thrown =
        fullDuplex(
                List.of(StreamingOutputCallRequest.newBuilder().setResponseStatus(UNKNOWN).build()))
            .handle((answers, error) -> error)
            .join();
    check(Status.fromThrowable(thrown).getCode() == Status.Code.UNKNOWN);
  }

  private void cancelAfterFirstResponse() {
    CompletableFuture<Void> answered = new CompletableFuture<>();
    Context.CancellableContext context = Context.current().withCancellation();
    context.run(
        () ->
            async
                .fullDuplexCall(
                    observer(
                        answered,
                        (StreamingOutputCallResponse answer) -> answered.complete(null),
                        () -> {}))
                .onNext(pingPong().get(0)));
    answered.join();
    context.cancel(null);
  }

  /** Completes with the number of answers. */
  private CompletableFuture<Integer> fullDuplex(List<StreamingOutputCallRequest> requests) {
    CompletableFuture<Integer> answers = new CompletableFuture<>();
    int[] count = {0};
    StreamObserver<StreamingOutputCallRequest> stream =
        async.fullDuplexCall(
            observer(
                answers,
                (StreamingOutputCallResponse answer) -> count[0]++,
                () -> answers.complete(count[0])));
    requests.forEach(stream::onNext);
    stream.onCompleted();
    return answers;
  }

  private static <T> StreamObserver<T> observer(
      CompletableFuture<?> failed, Consumer<T> next, Runnable end) {
    return new StreamObserver<>() {
      @Override
      public void onNext(T answer) {
        next.accept(answer);
      }

      @Override
      public void onError(Throwable error) {
        failed.completeExceptionally(error);
      }

      @Override
      public void onCompleted() {
        end.run();
      }
    };
  }

  private static List<StreamingOutputCallRequest> pingPong() {
    return IntStream.range(0, REQUEST_SIZES.size())
        .mapToObj(
            i ->
                StreamingOutputCallRequest.newBuilder()
                    .addResponseParameters(
                        ResponseParameters.newBuilder().setSize(RESPONSE_SIZES.get(i)))
                    .setPayload(payload(REQUEST_SIZES.get(i)))
                    .build())
        .toList();
  }

  private static StreamingOutputCallRequest asking(int size, int intervalUs) {
    StreamingOutputCallRequest.Builder request =
        StreamingOutputCallRequest.newBuilder().setPayload(payload(size));
    RESPONSE_SIZES.forEach(
        one ->
            request.addResponseParameters(
                ResponseParameters.newBuilder().setSize(one).setIntervalUs(intervalUs)));
    return request.build();
  }

  private static Payload payload(int size) {
    return Payload.newBuilder().setBody(ByteString.copyFrom(new byte[size])).build();
  }

  private static int count(Iterator<?> answers) {
    int count = 0;
    for (; answers.hasNext(); answers.next()) {
      count++;
    }
    return count;
  }

  /** Cancelled when the server knew first that the time was up. */
  private void deadline() {
    try {
      count(
          blocking
              .withDeadlineAfter(300, TimeUnit.MILLISECONDS)
              .streamingOutputCall(asking(0, 900_000)));
    } catch (StatusRuntimeException expected) {
      Status.Code code = expected.getStatus().getCode();
      check(code == Status.Code.DEADLINE_EXCEEDED || code == Status.Code.CANCELLED);
      return;
    }
    throw new IllegalStateException("not late");
  }

  private static void failsWith(Status.Code code, Runnable call) {
    try {
      call.run();
    } catch (StatusRuntimeException expected) {
      check(expected.getStatus().getCode() == code);
      return;
    }
    throw new IllegalStateException("no " + code);
  }

  private static void check(boolean condition) {
    if (!condition) {
      throw new IllegalStateException("not as it should be");
    }
  }
}
