package io.sonde.pipeline.protocol.http2;

import io.sonde.pipeline.protocol.Recording;
import io.sonde.pipeline.protocol.Recording.Piece;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;

/**
 * A conversation of some streams whose frames come in any order that is possible. What a stream is
 * about follows from its number, which its path has.
 */
final class MadeUpStreams {
  static final int STREAMS = 12;

  private final Random random;
  private final Peer client = new Peer();
  private final Peer server = new Peer();
  private final List<Piece> pieces = new ArrayList<>();

  MadeUpStreams(Random random) {
    this.random = random;
  }

  static boolean isCall(int stream) {
    return stream % 3 == 0;
  }

  static String method(int stream) {
    return stream % 4 == 1 ? "GET" : "PATCH";
  }

  static int status(int stream) {
    return new int[] {200, 201, 301, 207}[stream / 2 % 4];
  }

  static int grpcStatus(int stream) {
    return stream % 5 == 0 ? 1 : 0;
  }

  static long requestBytes(int stream) {
    return stream % 4 == 1 ? 0 : 10L * stream;
  }

  static long answerBytes(int stream) {
    return stream % 5 == 0 ? 0 : 37L * stream;
  }

  static long answerMessages(int stream) {
    return stream % 4;
  }

  Recording make() {
    pieces.add(new Piece(true, client.preface().take()));
    pieces.add(new Piece(false, server.settings().take()));
    List<Queue<Runnable>> open = new ArrayList<>();
    int next = 1;
    while (next < 2 * STREAMS || !open.isEmpty()) {
      if (next < 2 * STREAMS && (open.isEmpty() || random.nextInt(3) == 0)) {
        request(next);
        open.add(isCall(next) ? call(next) : exchange(next));
        next += 2;
      } else {
        Queue<Runnable> stream = open.get(random.nextInt(open.size()));
        stream.remove().run();
        open.removeIf(Queue::isEmpty);
      }
      if (random.nextBoolean()) {
        flush();
      }
    }
    flush();
    return new Recording("made up", List.copyOf(pieces), false, List.of(), List.of());
  }

  /** What each side has written so far goes out; a request is never behind its answer. */
  private void flush() {
    add(true, client.take());
    add(false, server.take());
  }

  private void add(boolean fromClient, byte[] bytes) {
    if (bytes.length > 0) {
      pieces.add(new Piece(fromClient, bytes));
    }
  }

  private void request(int id) {
    if (isCall(id)) {
      client.call(id, "/test.Calls/M" + id);
      return;
    }
    String[] fields = {
      ":method", method(id), ":scheme", "http", ":path", "/http/" + id, ":authority", "h", "x", "y"
    };
    if (random.nextBoolean()) {
      client.headers(id, requestBytes(id) == 0, fields);
    } else {
      client.scatteredHeaders(id, requestBytes(id) == 0, fields);
    }
  }

  private Queue<Runnable> exchange(int id) {
    Queue<Runnable> steps = new ArrayDeque<>();
    if (requestBytes(id) > 0) {
      steps.add(() -> client.paddedData(id, false, new byte[(int) requestBytes(id) - 4], 9));
      steps.add(() -> client.data(id, true, new byte[4]));
    }
    steps.add(() -> client.ping());
    steps.add(this::flush);
    boolean empty = answerBytes(id) == 0;
    steps.add(() -> server.headers(id, empty, ":status", "" + status(id), "server", "made/up"));
    if (!empty) {
      steps.add(() -> server.data(id, false, new byte[(int) answerBytes(id) - 1]));
      steps.add(() -> server.ping());
      steps.add(() -> server.data(id, true, new byte[1]));
    }
    return steps;
  }

  private Queue<Runnable> call(int id) {
    Queue<Runnable> steps = new ArrayDeque<>();
    byte[] asked = Peer.messages(3, 900, 0);
    steps.add(() -> client.data(id, false, java.util.Arrays.copyOf(asked, 100)));
    steps.add(() -> client.data(id, true, java.util.Arrays.copyOfRange(asked, 100, asked.length)));
    steps.add(this::flush);
    steps.add(
        () -> server.headers(id, false, ":status", "200", "content-type", "application/grpc"));
    for (int i = 0; i < answerMessages(id); i++) {
      steps.add(() -> server.data(id, false, Peer.messages(5 * id)));
    }
    steps.add(() -> server.headers(id, true, "grpc-status", "" + grpcStatus(id)));
    return steps;
  }
}
