package io.sonde.pipeline.export.otlp.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** Collects the answer to the one request that is under way on a connection. */
final class AnswerHandler extends SimpleChannelInboundHandler<HttpObject> {
  /** An OTLP answer is far smaller; the status says what matters, so the rest is let go. */
  private static final int MAX_BODY_BYTES = 16 << 10;

  private volatile CompletableFuture<HttpAnswer> answer = new CompletableFuture<>();
  private HttpResponse head;
  private ByteArrayOutputStream body = new ByteArrayOutputStream();

  /** To be called before each request; completed on the connection's own thread. */
  CompletableFuture<HttpAnswer> expectAnswer() {
    CompletableFuture<HttpAnswer> expected = new CompletableFuture<>();
    answer = expected;
    return expected;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, HttpObject part) throws IOException {
    if (part.decoderResult().isFailure()) {
      throw new IOException("what it answers is not HTTP/1; with OTLP/gRPC set protocol = grpc");
    }
    if (part instanceof HttpResponse response) {
      head = response;
      body = new ByteArrayOutputStream();
    }
    if (part instanceof HttpContent content) {
      ByteBuf bytes = content.content();
      bytes.readBytes(body, Math.min(bytes.readableBytes(), MAX_BODY_BYTES - body.size()));
    }
    if (part instanceof LastHttpContent
        && head.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
      if (!HttpUtil.isKeepAlive(head)) {
        context.close();
      }
      answer.complete(HttpAnswer.of(head, body.toByteArray()));
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    answer.completeExceptionally(new IOException("the connection was closed before an answer"));
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    answer.completeExceptionally(cause);
    context.close();
  }
}
