package io.sonde.it;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import javax.net.ssl.SSLSocket;

/** A TCP connection, with TLS or without, on which the test decides what is sent when. */
final class RawConnection implements AutoCloseable {
  private static final int TIMEOUT_MS = 10_000;

  private final Socket socket;

  private RawConnection(Socket socket) {
    this.socket = socket;
  }

  static RawConnection open(String address, int port) throws IOException {
    Socket socket = new Socket(address, port);
    socket.setTcpNoDelay(true); // each send is a segment of its own
    socket.setSoTimeout(TIMEOUT_MS);
    return new RawConnection(socket);
  }

  /** With HTTP/1.1 over TLS, and with the handshake done. */
  static RawConnection openTls(Certificate certificate, int port) throws IOException {
    SSLSocket socket =
        (SSLSocket) certificate.trusting().getSocketFactory().createSocket("127.0.0.1", port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MS);
    socket.startHandshake();
    return new RawConnection(socket);
  }

  /** Its own, which a server sees as the client's. */
  int localPort() {
    return socket.getLocalPort();
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
  }

  /** Sends a GET that keeps the connection, and reads the answer to its end. */
  int get(String path) throws IOException {
    send("GET " + path + " HTTP/1.1\r\nHost: raw.test\r\n\r\n");
    return readAnswer();
  }

  /**
   * Reads one answer with Content-Length to its end.
   *
   * @return its status
   */
  int readAnswer() throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("closed after: " + head);
      }
      head.append((char) next);
    }
    int length =
        head.toString()
            .lines()
            .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
            .mapToInt(line -> Integer.parseInt(line.substring(line.indexOf(':') + 1).strip()))
            .findFirst()
            .orElse(0);
    in.readNBytes(length);
    return Integer.parseInt(head.substring(9, 12));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
