package org.example.servers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What the routes of examples/python-server answer.
 *
 * @param body the whole of it or, in chunks, each of them
 * @param chunks 0 for an answer whose length is told before
 */
record Answer(int status, byte[] body, int chunks) {
  private static final int TIMEOUT_MS = 10_000;
  private static final byte[] TEN = "0123456789".getBytes(StandardCharsets.US_ASCII);

  /**
   * Made by the thread that asks, calls to other servers included.
   *
   * @param query null when there is none
   */
  static Answer to(String path, String query, byte[] requestBody) {
    String[] route = path.substring(1).split("/", 2);
    Map<String, String> arguments = arguments(query);
    return switch (route[0]) {
      case "" -> text(200, "hello from java");
      case "echo" -> new Answer(200, requestBody, 0);
      case "delay" -> delayed(number(arguments, "ms", 100));
      case "status" -> status(route);
      case "bytes" -> bytes(number(arguments, "n", 1024));
      case "chunked" -> new Answer(200, TEN, number(arguments, "n", 10));
      case "call" -> called(arguments.get("url"), number(arguments, "times", 1));
      default -> text(404, "not found");
    };
  }

  /** As the first argument of every server has it. */
  static InetSocketAddress address(String[] arguments) {
    int colon = arguments[0].lastIndexOf(':');
    return new InetSocketAddress(
        arguments[0].substring(0, colon), Integer.parseInt(arguments[0].substring(colon + 1)));
  }

  boolean hasBody(String method) {
    return status != 204 && status != 304 && !method.equals("HEAD");
  }

  /** The content, a write for each chunk. */
  void writeTo(OutputStream out) throws IOException {
    out.write(body);
    for (int written = 1; written < chunks; written++) {
      out.flush();
      out.write(body);
    }
  }

  /** For the test to compare with what Sonde saw. */
  void log(String method, String path) {
    int sent = hasBody(method) ? body.length * Math.max(chunks, 1) : 0;
    System.out.println("access " + method + " " + path + " " + status + " " + sent);
  }

  private static Answer text(int status, String line) {
    return new Answer(status, (line + "\n").getBytes(StandardCharsets.UTF_8), 0);
  }

  private static Answer delayed(int ms) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
    for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
    return text(200, "waited");
  }

  private static Answer status(String[] route) {
    return route.length == 2 && route[1].matches("[2-5]\\d\\d")
        ? text(Integer.parseInt(route[1]), "status " + route[1])
        : text(404, "not found");
  }

  private static Answer bytes(int count) {
    byte[] body = new byte[count];
    Arrays.fill(body, (byte) 'x');
    return new Answer(200, body, 0);
  }

  private static Answer called(String url, int times) {
    try {
      int status = 0;
      for (int i = 0; i < times; i++) {
        HttpURLConnection call = (HttpURLConnection) URI.create(url).toURL().openConnection();
        call.setConnectTimeout(TIMEOUT_MS);
        call.setReadTimeout(TIMEOUT_MS);
        status = call.getResponseCode();
        try (InputStream body = status < 400 ? call.getInputStream() : call.getErrorStream()) {
          body.readAllBytes();
        }
      }
      return text(200, url + " answered " + status);
    } catch (IOException e) {
      return text(502, e.getMessage());
    }
  }

  private static Map<String, String> arguments(String query) {
    Map<String, String> arguments = new HashMap<>();
    for (String pair : query == null ? new String[0] : query.split("&")) {
      String[] parts = pair.split("=", 2);
      arguments.put(
          parts[0], URLDecoder.decode(parts.length == 2 ? parts[1] : "", StandardCharsets.UTF_8));
    }
    return arguments;
  }

  private static int number(Map<String, String> arguments, String name, int otherwise) {
    return arguments.containsKey(name) ? Integer.parseInt(arguments.get(name)) : otherwise;
  }
}
