package org.example.servers;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Jetty, each request in a virtual thread where the JDK has them (21). Usage: HOST:PORT. */
final class JettyServer {
  private JettyServer() {}

  public static void main(String[] arguments) throws Exception {
    InetSocketAddress address = Answer.address(arguments);
    QueuedThreadPool threads = new QueuedThreadPool();
    threads.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
    Server server = new Server(threads);
    try (ServerConnector connector = new ServerConnector(server)) {
      connector.setHost(address.getHostString());
      connector.setPort(address.getPort());
      server.addConnector(connector);
      server.setHandler(new Answers());
      server.start();
      System.out.println("listening on " + address);
      server.join();
    }
  }

  private static final class Answers extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback)
        throws IOException {
      String method = request.getMethod();
      String path = request.getHttpURI().getPath();
      byte[] requestBody = Content.Source.asInputStream(request).readAllBytes();
      Answer answer = Answer.to(path, request.getHttpURI().getQuery(), requestBody);
      response.setStatus(answer.status());
      if (answer.hasBody(method)) {
        if (answer.chunks() == 0) {
          response.getHeaders().put(HttpHeader.CONTENT_LENGTH, answer.body().length);
        }
        try (var out = Content.Sink.asOutputStream(response)) {
          answer.writeTo(out);
        }
      }
      answer.log(method, path);
      callback.succeeded();
      return true;
    }
  }
}
