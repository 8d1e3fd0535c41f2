package io.sonde.pipeline.export.otlp.request;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Cuts an encoded request into two with half of the items each. What items share (resource, scope,
 * the name of a metric) is in both.
 *
 * <p>Works on the encoding, since a request that came back from the disk has no other form.
 */
public final class RequestSplitter {
  /**
   * Numbers of the fields that lead from the request to its items, in opentelemetry-proto 1.x.
   * {@code resource_spans}, {@code scope_spans}, {@code spans}.
   */
  private static final List<Set<Integer>> TO_SPANS = List.of(Set.of(1), Set.of(2), Set.of(2));

  /**
   * {@code resource_metrics}, {@code scope_metrics}, {@code metrics}; gauge, sum, histogram,
   * exponential histogram or summary; {@code data_points}.
   */
  private static final List<Set<Integer>> TO_POINTS =
      List.of(Set.of(1), Set.of(2), Set.of(2), Set.of(5, 7, 9, 10, 11), Set.of(1));

  private final byte[] body;
  private final List<Set<Integer>> toItems;
  private int seen;

  private RequestSplitter(OtlpRequest request) {
    body = request.body();
    toItems = request.signal() == Signal.TRACES ? TO_SPANS : TO_POINTS;
  }

  /** As many requests as it takes for each to fit or to be a single item. */
  public static Stream<OtlpRequest> toFit(OtlpRequest request, int maxBytes) {
    return request.body().length <= maxBytes || request.items() == 1
        ? Stream.of(request)
        : halves(request).stream().flatMap(half -> toFit(half, maxBytes));
  }

  /** Of a request with at least two items. */
  public static List<OtlpRequest> halves(OtlpRequest request) {
    int half = request.items() / 2;
    return List.of(part(request, 0, half), part(request, half, request.items()));
  }

  private static OtlpRequest part(OtlpRequest request, int from, int to) {
    RequestSplitter splitter = new RequestSplitter(request);
    try {
      byte[] part = splitter.copy(0, 0, request.body().length, from, to);
      if (splitter.seen != request.items()) {
        throw new IllegalStateException(
            "a request said to have " + request.items() + " items has " + splitter.seen);
      }
      return new OtlpRequest(request.signal(), to - from, part);
    } catch (IOException e) {
      throw new UncheckedIOException("a request of our own cannot be read", e);
    }
  }

  /** The message in this range with those of its items only; empty when it has none of them. */
  private byte[] copy(int depth, int start, int end, int from, int to) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(body, start, end - start);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    boolean any = false;
    while (!in.isAtEnd()) {
      int field = start + in.getTotalBytesRead();
      int tag = in.readTag();
      if (!leadsToItems(tag, depth)) {
        skip(in, tag);
        out.writeRawBytes(body, field, start + in.getTotalBytesRead() - field);
        continue;
      }
      int length = in.readRawVarint32();
      int content = start + in.getTotalBytesRead();
      in.skipRawBytes(length);
      if (depth < toItems.size() - 1) {
        byte[] inner = copy(depth + 1, content, content + length, from, to);
        if (inner.length > 0) {
          out.writeUInt32NoTag(tag);
          out.writeByteArrayNoTag(inner);
          any = true;
        }
      } else {
        if (seen >= from && seen < to) {
          out.writeRawBytes(body, field, content + length - field);
          any = true;
        }
        seen++;
      }
    }
    out.flush();
    return any ? bytes.toByteArray() : new byte[0];
  }

  private boolean leadsToItems(int tag, int depth) {
    return WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED
        && toItems.get(depth).contains(WireFormat.getTagFieldNumber(tag));
  }

  private static void skip(CodedInputStream in, int tag) throws IOException {
    if (!in.skipField(tag)) {
      throw new InvalidProtocolBufferException("an end of a group without a start");
    }
  }
}
