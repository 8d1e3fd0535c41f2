package io.sonde.pipeline.export.otlp;

import io.opentelemetry.common.ComponentLoader;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.GrpcResponse;
import io.opentelemetry.sdk.common.export.GrpcSender;
import io.opentelemetry.sdk.common.export.GrpcSenderProvider;
import io.opentelemetry.sdk.common.export.GrpcStatusCode;
import io.opentelemetry.sdk.common.export.MessageWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Consumer;

/**
 * Stands where an exporter of opentelemetry-java looks for its sender, and keeps what is to be
 * sent: the exporters encode, which is what we want of them. For one thread.
 */
final class EncodedMessage implements GrpcSender, ComponentLoader {
  private static final GrpcResponse OK =
      new GrpcResponse() {
        @Override
        public GrpcStatusCode getStatusCode() {
          return GrpcStatusCode.OK;
        }

        @Override
        public String getStatusDescription() {
          return "";
        }

        @Override
        public byte[] getResponseMessage() {
          return new byte[0];
        }
      };

  private byte[] last;

  @Override
  public <T> Iterable<T> load(Class<T> type) {
    return type == GrpcSenderProvider.class
        ? List.of(type.cast((GrpcSenderProvider) settings -> this))
        : List.of();
  }

  @Override
  public void send(
      MessageWriter message, Consumer<GrpcResponse> answer, Consumer<Throwable> failure) {
    Bytes bytes = new Bytes(message.getContentLength());
    try {
      message.writeMessage(bytes);
      last = bytes.all;
      answer.accept(OK);
    } catch (IOException e) {
      failure.accept(e);
    }
  }

  /**
   * What was to be sent since the last call.
   *
   * @param result of the export that encoded it
   */
  byte[] take(CompletableResultCode result) {
    byte[] taken = last;
    last = null;
    if (!result.isSuccess() || taken == null) {
      throw new IllegalStateException("not encoded", result.getFailureThrowable());
    }
    return taken;
  }

  @Override
  public CompletableResultCode shutdown() {
    return CompletableResultCode.ofSuccess();
  }

  /** Of a length that is known before, so that the array need not be copied. */
  private static final class Bytes extends OutputStream {
    private final byte[] all;
    private int length;

    Bytes(int length) {
      all = new byte[length];
    }

    @Override
    public void write(int b) {
      all[length++] = (byte) b;
    }

    @Override
    public void write(byte[] from, int offset, int count) {
      System.arraycopy(from, offset, all, length, count);
      length += count;
    }
  }
}
