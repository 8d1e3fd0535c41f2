package io.sonde.pipeline.linking;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.pipeline.accounting.LinkResult;
import io.sonde.pipeline.connection.SimulatedCapture;
import io.sonde.pipeline.connection.SimulatedConnection;
import io.sonde.pipeline.event.GoroutineAct;
import io.sonde.pipeline.linking.SimulatedGo.Goroutine;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/**
 * Goroutines that serve and call by streams of HTTP/2. A call to {@code /for/a} is made for the
 * request {@code /a}, one to {@code /alone} for none.
 */
class StreamLinkTest extends LinkTestCase {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int HEADERS = 1;
  private static final int SETTINGS = 4;
  private static final int ENDS_STREAM_AND_FIELDS = 5;

  private final SimulatedGo go = new SimulatedGo(capture, SimulatedCapture.PID);
  private final Goroutine serve = go.create(go.create(go.main));
  private final Goroutine reader = go.create(serve);

  private static byte[] frame(int type, int flags, int stream, byte[] payload) {
    return ByteBuffer.allocate(9 + payload.length)
        .putInt(payload.length << 8 | type)
        .put((byte) flags)
        .putInt(stream)
        .put(payload)
        .array();
  }

  /** Fields of the static table, and the path as a literal (RFC 7541 §6.1, §6.2.2). */
  private static byte[] request(int stream, String path) {
    ByteBuffer fields = ByteBuffer.allocate(4 + path.length());
    fields.put((byte) 0x82).put((byte) 0x86).put((byte) 4).put((byte) path.length());
    fields.put(path.getBytes(StandardCharsets.US_ASCII));
    return frame(HEADERS, ENDS_STREAM_AND_FIELDS, stream, fields.array());
  }

  private static byte[] answer(int stream) {
    return frame(HEADERS, ENDS_STREAM_AND_FIELDS, stream, new byte[] {(byte) 0x88});
  }

  private static byte[] all(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** A connection on which both sides have begun. */
  private SimulatedConnection server(Goroutine itsReader) {
    return begun(go.serves(itsReader), true);
  }

  private static SimulatedConnection begun(SimulatedConnection connection, boolean received) {
    byte[] preface = all(PREFACE, frame(SETTINGS, 0, 0, new byte[0]));
    byte[] settings = frame(SETTINGS, 0, 0, new byte[0]);
    return received ? connection.rx(preface).tx(settings) : connection.tx(preface).rx(settings);
  }

  private Goroutine handler(int stream) {
    Goroutine handler = go.create(serve);
    go.tellServes(handler, stream);
    return handler;
  }

  @Test
  void aCallByTheGoroutineThatServesTheStreamIsItsChild() {
    SimulatedConnection server = server(reader).rx(request(1, "/a"));
    go.get(handler(1), "/for/a");
    assertThat(traces).isEmpty();
    server.tx(answer(1));
    assertChild("/for/a", "/a");
  }

  @Test
  void soItIsWhereTheCreatorOfTheHandlersReadsItself() {
    SimulatedConnection server = server(serve).rx(request(1, "/a"));
    go.get(go.create(handler(1)), "/for/a");
    server.tx(answer(1));
    assertChild("/for/a", "/a");
  }

  @Test
  void soItIsWhereTheCreatorOfThatOneReadTheFirstStreams() {
    SimulatedConnection server =
        server(serve.creator()).rx(all(request(1, "/a"), request(3, "/b")));
    go.get(go.create(handler(1)), "/for/a");
    go.as(serve, server).rx(request(5, "/c"));
    go.get(handler(3), "/for/b");
    go.get(handler(5), "/for/c");
    server.tx(all(answer(1), answer(3), answer(5)));
    assertChild("/for/a", "/a");
    assertChild("/for/b", "/b");
    assertChild("/for/c", "/c");
  }

  @Test
  void streamsThatAreReadTogetherHaveTheirOwnCalls() {
    SimulatedConnection server =
        server(reader).rx(all(request(1, "/a"), request(3, "/b"), request(5, "/c")));
    Goroutine b = handler(3);
    Goroutine c = handler(5);
    Goroutine a = handler(1);
    go.get(go.create(a), "/for/a");
    go.get(b, "/for/b");
    go.get(go.create(go.create(c)), "/for/c");
    server.tx(all(answer(5), answer(1))).tx(answer(3));
    assertChild("/for/a", "/a");
    assertChild("/for/b", "/b");
    assertChild("/for/c", "/c");
  }

  @Test
  void whereItIsNotToldWhoServesAStreamNobodyDoes() {
    SimulatedConnection server = server(reader).rx(request(1, "/a"));
    go.get(go.create(serve), "/for/a/1");
    go.get(serve, "/for/a/2");
    go.get(reader, "/for/a/3");
    server.tx(answer(1));
    assertThat(account.total(LinkResult.LINKED)).isZero();
    assertThat(traces).hasSize(4);
  }

  @Test
  void aStreamOfWhichConnectionIsNotKnownIsNobodys() {
    SimulatedConnection one = server(reader).rx(request(1, "/a"));
    SimulatedConnection other = server(go.create(serve)).rx(request(1, "/b"));
    go.get(handler(1), "/for/a");
    one.tx(answer(1));
    other.tx(answer(1));
    assertRoot("/for/a", LinkResult.NO_REQUEST);
  }

  @Test
  void aStreamThatIsOverHasNoCallsAnyMore() {
    SimulatedConnection server = server(reader).rx(request(1, "/a"));
    Goroutine handler = handler(1);
    server.tx(answer(1)).rx(request(3, "/b"));
    go.get(handler, "/alone");
    server.tx(answer(3));
    assertRoot("/alone", LinkResult.AFTER_ANSWER);
  }

  @Test
  void callsOfStreamsThatTheCloseEndsAreStillTheirs() {
    SimulatedConnection server = server(reader).rx(request(1, "/a"));
    Goroutine handler = handler(1);
    go.get(handler, "/for/a");
    server.close(true, false);
    go.get(handler, "/alone");
    assertChild("/for/a", "/a");
    assertThat(trace("/alone").parent().isValid()).isFalse();
  }

  @Test
  void whatWaitsForAStreamIsToldWhenTheCaptureEnds() {
    server(reader).rx(request(1, "/a"));
    go.get(handler(1), "/for/a");
    capture.end();
    assertRoot("/for/a", LinkResult.NOT_REPORTED);
  }

  @Test
  void aRequestWithAStreamOfItsOwnIsMadeByWhoIsToldNext() {
    Goroutine handler = go.create(go.main);
    SimulatedConnection server = go.serves(handler).rx(get("/a"));
    SimulatedConnection client = begun(client(), false);
    for (int i = 0; i < 3; i++) {
      Goroutine writer = go.create(handler);
      go.tellCalls(writer, GoroutineAct.NEXT_STREAM, writer, capture.later());
      go.as(writer, client).tx(request(2 * i + 1, "/for/a/" + i));
    }
    go.as(reader, client).rx(all(answer(1), answer(3), answer(5)));
    server.tx(OK);
    assertChild("/for/a/0", "/a");
    assertChild("/for/a/1", "/a");
    assertChild("/for/a/2", "/a");
  }

  @Test
  void ofRequestsThatOneGoroutineWritesForOthersEachIsMadeByWhoIsToldOfItsStream() {
    Goroutine first = go.create(go.main);
    Goroutine second = go.create(go.main);
    SimulatedConnection a = go.serves(first).rx(get("/a"));
    SimulatedConnection b = go.serves(second).rx(get("/b"));
    Goroutine loop = go.create(go.main);
    SimulatedConnection client = begun(go.as(loop, client()), false);
    go.tellCalls(loop, 3, second, capture.later());
    go.tellCalls(loop, 1, go.create(first), capture.later());
    go.as(loop, client).tx(all(request(1, "/for/a"), request(3, "/for/b"), request(5, "/alone")));
    go.as(reader, client).rx(all(answer(1), answer(3), answer(5)));
    a.tx(OK);
    b.tx(OK);
    assertChild("/for/a", "/a");
    assertChild("/for/b", "/b");
    assertThat(trace("/alone").parent().isValid()).isFalse();
  }

  @Test
  void whoeverWritesAFrameDoesNotMakeTheCallForThat() {
    Goroutine handler = go.create(go.main);
    SimulatedConnection server = go.serves(handler).rx(get("/a"));
    SimulatedConnection client = begun(go.as(handler, client()), false);
    client.tx(request(1, "/alone")).rx(answer(1));
    server.tx(OK);
    assertRoot("/alone", LinkResult.CALLER_UNKNOWN);
  }
}
