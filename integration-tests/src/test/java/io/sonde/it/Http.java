package io.sonde.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Requests by the programs people use, and by ourselves where a test needs the bytes in its hand.
 */
final class Http {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

  private Http() {}

  /** One curl process; several URLs share its connection. */
  static String curl(Path folder, String... arguments) {
    List<String> command = new ArrayList<>(List.of("curl", "-sS", "--max-time", "20"));
    command.addAll(Arrays.asList(arguments));
    return Program.run(folder, command.toArray(String[]::new));
  }

  /** Our own client, for pages the tests read themselves (metrics, Prometheus). */
  static HttpResponse<String> get(String url) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(5)).build();
    return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
  }

  /** A file of that many bytes, to be sent. */
  static Path fileOf(Path folder, int bytes) {
    try {
      return Files.write(folder.resolve(bytes + ".bytes"), new byte[bytes]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void awaitListening(String host, int port) {
    await("a listener on port " + port)
        .pollInterval(Duration.ofMillis(20))
        .ignoreException(ConnectException.class)
        .until(
            () -> {
              new Socket(host, port).close();
              return true;
            });
  }
}
