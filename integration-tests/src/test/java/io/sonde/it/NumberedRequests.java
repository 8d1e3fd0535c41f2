package io.sonde.it;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Requests that carry their number in the query, so that each can be found or missed. */
final class NumberedRequests implements AutoCloseable {
  private final Program curl;

  private NumberedRequests(Program curl) {
    this.curl = curl;
  }

  /** Sends {@code from..to}, both included, over one connection, so many a second. */
  static NumberedRequests begin(Path folder, WebServer server, int from, int to, int aSecond) {
    String urls = server.url("/?n=[" + from + "-" + to + "]");
    return new NumberedRequests(
        Program.start(
            "curl",
            folder,
            List.of("curl", "-sS", "-o", "/dev/null", "--rate", aSecond + "/s", urls)));
  }

  static void send(Path folder, WebServer server, int from, int to) {
    try (NumberedRequests all = begin(folder, server, from, to, 1000)) {
      all.awaitEnd();
    }
  }

  /** The number that the request of this span carried. */
  static int of(OtlpSpan span) {
    String query = span.attributes().get("url.query");
    return Integer.parseInt(query.substring("n=".length()));
  }

  void awaitEnd() {
    int exit = curl.awaitExit(Duration.ofSeconds(60));
    if (exit != 0) {
      throw new IllegalStateException("curl ended with " + exit + curl.everything());
    }
  }

  @Override
  public void close() {
    curl.close();
  }
}
