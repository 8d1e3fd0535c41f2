package io.sonde.pipeline.export.otlp.transport;

import com.google.protobuf.Any;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** The messages in answers, the same over gRPC and HTTP. */
final class Answers {
  /** A collector that asks for more than this is not waited for that long. */
  private static final Duration MAX_DELAY = Duration.ofHours(1);

  /** {@code Export…ServiceResponse.partial_success}. */
  private static final int PARTIAL_SUCCESS = 1;

  /** {@code Export…PartialSuccess.rejected_spans}, {@code rejected_data_points}. */
  private static final int REJECTED = 1;

  /** {@code Export…PartialSuccess.error_message}. */
  private static final int ERROR_MESSAGE = 2;

  private Answers() {}

  /**
   * The answer to a request that was taken. Read field by field, since the messages of both signals
   * have the same numbers and nothing else is in them.
   */
  static Outcome.Accepted accepted(byte[] response) {
    try {
      CodedInputStream in = CodedInputStream.newInstance(response);
      long rejected = 0;
      String message = "";
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (tag != tag(PARTIAL_SUCCESS, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
          in.skipField(tag);
          continue;
        }
        int before = in.pushLimit(in.readRawVarint32());
        for (int inner = in.readTag(); inner != 0; inner = in.readTag()) {
          if (inner == tag(REJECTED, WireFormat.WIRETYPE_VARINT)) {
            rejected = in.readInt64();
          } else if (inner == tag(ERROR_MESSAGE, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
            message = in.readString();
          } else {
            in.skipField(inner);
          }
        }
        in.popLimit(before);
      }
      return new Outcome.Accepted(Math.max(0, rejected), Remark.of(message));
    } catch (IOException e) {
      // It did say that it took the request; that its further words are damaged changes nothing.
      return new Outcome.Accepted(0, "its answer is not an OTLP response (" + e.getMessage() + ")");
    }
  }

  private static int tag(int field, int wireType) {
    return field << 3 | wireType;
  }

  /** How long {@code google.rpc.RetryInfo} asks to wait, if it is there. */
  static Optional<Duration> retryDelay(byte[] status) throws InvalidProtocolBufferException {
    for (Any detail : Status.parseFrom(status).getDetailsList()) {
      if (detail.is(RetryInfo.class)) {
        com.google.protobuf.Duration delay = detail.unpack(RetryInfo.class).getRetryDelay();
        return Optional.of(
            bounded(Duration.ofSeconds(delay.getSeconds()))
                .plusNanos(Math.max(0, delay.getNanos())));
      }
    }
    return Optional.empty();
  }

  static Duration bounded(Duration delay) {
    return delay.isNegative() ? Duration.ZERO : delay.compareTo(MAX_DELAY) > 0 ? MAX_DELAY : delay;
  }
}
