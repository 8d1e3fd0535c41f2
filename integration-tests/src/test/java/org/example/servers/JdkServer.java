package org.example.servers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Executors;

/** The server that every JDK brings, with a pool of platform threads. Usage: HOST:PORT. */
final class JdkServer {
  private static final int THREADS = 8;

  private JdkServer() {}

  public static void main(String[] arguments) throws IOException {
    HttpServer server = HttpServer.create(Answer.address(arguments), 128);
    server.setExecutor(Executors.newFixedThreadPool(THREADS));
    server.createContext("/", JdkServer::answer);
    server.start();
    System.out.println("listening on " + server.getAddress());
  }

  private static void answer(HttpExchange exchange) throws IOException {
    String method = exchange.getRequestMethod();
    String path = exchange.getRequestURI().getPath();
    byte[] requestBody = exchange.getRequestBody().readAllBytes();
    Answer answer = Answer.to(path, exchange.getRequestURI().getRawQuery(), requestBody);
    if (answer.hasBody(method) && answer.body().length > 0) {
      // 0 means chunks here
      exchange.sendResponseHeaders(answer.status(), answer.chunks() > 0 ? 0 : answer.body().length);
      try (OutputStream out = exchange.getResponseBody()) {
        answer.writeTo(out);
      }
    } else {
      exchange.sendResponseHeaders(answer.status(), -1); // -1 means none
    }
    answer.log(method, path);
    exchange.close();
  }
}
