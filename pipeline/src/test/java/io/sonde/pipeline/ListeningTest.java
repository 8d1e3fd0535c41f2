package io.sonde.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ListeningTest {
  private static final String HERE = "127.0.0.1";

  /** Of a network for documentation (RFC 5737): no host has it. */
  private static final String NOWHERE = "192.0.2.1";

  private Listening<InetSocketAddress, ServerSocket> listening;
  private int port;

  @BeforeEach
  void listen() throws Exception {
    port = freePort();
    listening = new Listening<>(at(HERE, port), InetSocketAddress::getPort, this::open, this::end);
  }

  @AfterEach
  void close() {
    listening.close();
    assertThat(listening.endpoint().isClosed()).isTrue();
  }

  @Test
  void movesToAnotherPort() throws Exception {
    ServerSocket before = listening.endpoint();
    int next = freePort();
    listening.moveTo(at(HERE, next));

    assertThat(listening.endpoint().getLocalPort()).isEqualTo(next);
    assertThat(before.isClosed()).isTrue();
  }

  @Test
  void movesToAnotherAddressWithTheSamePort() throws Exception {
    listening.moveTo(at("127.0.0.2", port));

    assertThat(listening.endpoint().getLocalSocketAddress()).isEqualTo(at("127.0.0.2", port));
  }

  @Test
  void staysWhereItIsWhenNothingChanges() throws Exception {
    ServerSocket before = listening.endpoint();
    listening.moveTo(at(HERE, port));

    assertThat(listening.endpoint()).isSameAs(before);
  }

  @Test
  void listensWhereItDidWhenItCannotMove() throws Exception {
    assertThatThrownBy(() -> listening.moveTo(at(NOWHERE, port)))
        .isInstanceOf(PipelineStartException.class);
    assertThat(listening.endpoint().isClosed()).isFalse();
    assertThat(listening.endpoint().getLocalSocketAddress()).isEqualTo(at(HERE, port));

    assertThatThrownBy(() -> listening.moveTo(at(NOWHERE, freePort())))
        .isInstanceOf(PipelineStartException.class);
    assertThat(listening.endpoint().isClosed()).isFalse();
  }

  private static InetSocketAddress at(String address, int port) {
    return new InetSocketAddress(address, port);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private ServerSocket open(InetSocketAddress where) throws PipelineStartException {
    try {
      ServerSocket socket = new ServerSocket();
      socket.setReuseAddress(true);
      socket.bind(where);
      return socket;
    } catch (IOException e) {
      throw new PipelineStartException("port", e.getMessage(), e);
    }
  }

  private void end(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
