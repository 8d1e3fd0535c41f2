package io.sonde.pipeline.protocol.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.sonde.pipeline.protocol.Recording;
import io.sonde.pipeline.protocol.Recording.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A conversation as RFC 9112 allows it, made at random: turns of one or more pipelined requests and
 * their answers, framed in every way, with interim answers; at its end an answer until the close, a
 * tunnel, or a request that is ambiguous. What must be told of it is known from how it was made.
 */
final class MadeUpConversation {
  private static final String[] METHODS = {"GET", "POST", "HEAD", "PUT", "OPTIONS", "m-x", "PURGE"};
  private static final int[] STATUSES = {200, 201, 204, 301, 304, 400, 404, 500, 599};
  private static final int MAX_TURNS = 5;
  private static final int MAX_PIPELINED = 4;

  private final Random random;
  private final List<Piece> pieces = new ArrayList<>();
  private final List<String> expected = new ArrayList<>();
  private final List<String> losses = new ArrayList<>();
  private int number;

  MadeUpConversation(Random random) {
    this.random = random;
  }

  Recording make() {
    int turns = random.nextInt(MAX_TURNS);
    for (int i = 0; i < turns; i++) {
      turn();
    }
    switch (random.nextInt(5)) {
      case 0 -> untilClose();
      case 1 -> upgrade();
      case 2 -> connect();
      case 3 -> ambiguous();
      default -> turn();
    }
    return new Recording("made up", pieces, true, expected, losses);
  }

  private void turn() {
    StringBuilder requests = new StringBuilder();
    StringBuilder answers = new StringBuilder();
    int pipelined = random.nextBoolean() ? 1 : 1 + random.nextInt(MAX_PIPELINED);
    for (int i = 0; i < pipelined; i++) {
      exchange(requests, answers, pipelined == 1);
    }
    say(true, requests);
    say(false, answers);
  }

  private void exchange(StringBuilder requests, StringBuilder answers, boolean alone) {
    String method = METHODS[random.nextInt(METHODS.length)];
    int status = STATUSES[random.nextInt(STATUSES.length)];
    boolean bodies = !method.equals("HEAD") && status != 204 && status != 304;
    int asked = random.nextInt(3) == 0 ? random.nextInt(300) : 0;
    int answered = bodies ? random.nextInt(600) : 0;
    String path = "/" + ++number;

    requests.append(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: h:1\r\n");
    boolean waits = alone && asked > 0 && random.nextInt(3) == 0;
    if (waits) {
      requests.append("Expect: 100-continue\r\n");
    }
    String body = framed(requests, asked, random.nextInt(3));
    if (waits) {
      say(true, requests);
      requests.setLength(0);
      StringBuilder go = new StringBuilder("HTTP/1.1 100 Continue\r\n\r\n");
      say(false, go);
    }
    requests.append(body);
    if (random.nextInt(6) == 0 && !waits) {
      requests.append("\r\n"); // RFC 9112 §2.2: as some send after a body
    }

    for (int hints = random.nextInt(4); hints > 2; hints--) {
      answers.append("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
    }
    answers.append("HTTP/1.1 ").append(status).append(random.nextBoolean() ? " Reason" : " ");
    answers.append("\r\nServer: made-up\r\n");
    if (bodies) {
      answers.append(framed(answers, answered, 1 + random.nextInt(2)));
    } else {
      answers.append(method.equals("HEAD") ? "Content-Length: 4711\r\n\r\n" : "\r\n");
    }
    expect(method, path, status, asked, answered);
  }

  /**
   * Ends the head.
   *
   * @param how 0: without a length where the body is empty, 1: with one, 2: in chunks
   * @return the body
   */
  private String framed(StringBuilder head, int length, int how) {
    String content = "c".repeat(length);
    if (how == 0 && length == 0) {
      head.append("\r\n");
      return "";
    }
    if (how < 2) {
      head.append("Content-Length: ").append(length).append("\r\n\r\n");
      return content;
    }
    head.append("Transfer-Encoding: chunked\r\n\r\n");
    StringBuilder chunks = new StringBuilder();
    int from = 0;
    while (from < length) {
      int to = Math.min(length, from + 1 + random.nextInt(200));
      chunks.append(Integer.toHexString(to - from)).append(random.nextBoolean() ? "" : ";e=\"1;\"");
      chunks.append("\r\n").append(content, from, to).append("\r\n");
      from = to;
    }
    return chunks.append(random.nextBoolean() ? "0\r\n\r\n" : "00\r\nSum: 1\r\nX: y\r\n\r\n") + "";
  }

  private void untilClose() {
    int length = random.nextInt(500);
    say(true, new StringBuilder("GET /last HTTP/1.0\r\nHost: h:1\r\n\r\n"));
    say(false, new StringBuilder("HTTP/1.0 200 OK\r\n\r\n" + "l".repeat(length)));
    expected.add(line("GET", "/last", "1.0", "h:1", 200, "0", length));
  }

  private void upgrade() {
    say(true, new StringBuilder("GET /chat HTTP/1.1\r\nHost: h:1\r\nUpgrade: websocket\r\n\r\n"));
    StringBuilder answer =
        new StringBuilder("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n");
    say(false, random.nextBoolean() ? answer : answer.append("HTTP/1.1 200 not any more\r\n\r\n"));
    say(true, new StringBuilder("\u0081\u0005GET / HTTP/1.1\r\n\r\n"));
    expect("GET", "/chat", 101, 0, 0);
  }

  private void connect() {
    String early = random.nextBoolean() ? "" : "\u0016\u0003\u0001GET / HTTP/1.1\r\n\r\n";
    say(true, new StringBuilder("CONNECT t:2 HTTP/1.1\r\nHost: t:2\r\n\r\n" + early));
    boolean refused = early.isEmpty() && random.nextBoolean();
    if (refused) {
      say(false, new StringBuilder("HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno"));
      expected.add(line("CONNECT", "", "1.1", "t:2", 403, "0", 2));
      turn();
    } else {
      say(false, new StringBuilder("HTTP/1.1 200 Yes\r\nContent-Length: 9\r\n\r\n\u0016\u0003"));
      expected.add(line("CONNECT", "", "1.1", "t:2", 200, "0", 0));
    }
  }

  private void ambiguous() {
    String[] framings = {
      "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "Content-Length : 0\r\n\r\n",
      "X: y\r\n z\r\n\r\n",
      "Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n",
      "Transfer-Encoding: chunked\r\n\r\n1\nz\r\n0\r\n\r\n",
    };
    String framing = framings[random.nextInt(framings.length)];
    String hidden = random.nextBoolean() ? "" : "GET /hidden HTTP/1.1\r\nHost: h\r\n\r\n";
    say(true, new StringBuilder("POST /odd HTTP/1.1\r\nHost: h:1\r\n" + framing + hidden));
    say(false, new StringBuilder("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"));
    expected.add(line("POST", "/odd", "1.1", "h:1", 400, "-1", 0));
    losses.add("ambiguous_framing");
  }

  private void expect(String method, String path, int status, int asked, int answered) {
    expected.add(line(method, path, "1.1", "h:1", status, Integer.toString(asked), answered));
  }

  private static String line(
      String method,
      String path,
      String version,
      String server,
      int status,
      String asked,
      int answered) {
    return "%s %s query=null HTTP/%s %s status=%d request=%s answer=%d agent=null"
        .formatted(method, path, version, server, status, asked, answered);
  }

  private void say(boolean byClient, StringBuilder text) {
    pieces.add(new Piece(byClient, text.toString().getBytes(ISO_8859_1)));
  }
}
