package org.example.servers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * The server that every JDK brings, with a pool of platform threads. Usage: HOST:PORT [KEYSTORE],
 * the latter of PKCS#12 with the password {@code changeit}, for TLS.
 */
final class JdkServer {
  private static final int THREADS = 8;
  private static final int BACKLOG = 128;
  private static final char[] PASSWORD = "changeit".toCharArray();

  private JdkServer() {}

  public static void main(String[] arguments) throws IOException, GeneralSecurityException {
    InetSocketAddress address = Answer.address(arguments);
    HttpServer server =
        arguments.length > 1 ? secured(address, arguments[1]) : HttpServer.create(address, BACKLOG);
    server.setExecutor(Executors.newFixedThreadPool(THREADS));
    server.createContext("/", JdkServer::answer);
    server.start();
    System.out.println("listening on " + server.getAddress());
  }

  private static HttpServer secured(InetSocketAddress address, String keyStore)
      throws IOException, GeneralSecurityException {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(KeyStore.getInstance(new File(keyStore), PASSWORD), PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    HttpsServer server = HttpsServer.create(address, BACKLOG);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    return server;
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
