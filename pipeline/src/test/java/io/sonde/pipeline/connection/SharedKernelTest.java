package io.sonde.pipeline.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.HttpExchange;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two captures that see the same sockets: both count cookies from the same number on. */
class SharedKernelTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private final Kernels kernels = new Kernels();
  private final SimulatedCapture first = new SimulatedCapture(100, kernels, "boot-1");
  private final SimulatedCapture second = new SimulatedCapture(100, kernels, "boot-1");

  @AfterEach
  void theAccountsAddUp() {
    assertThat(first.addsUp()).isTrue();
    assertThat(second.addsUp()).isTrue();
  }

  @Test
  void aConnectionThatBothSeeIsToldOnce() {
    both(ends -> ends.exchange("/a").exchange("/b").close());
    both(ends -> ends.exchange("/c"));

    assertThat(paths(first)).containsExactly("/a", "/b", "/c");
    assertThat(paths(second)).isEmpty();
    assertThat(second.lost(LossCause.OTHER_CAPTURE)).as("connections").isEqualTo(2);
    assertThat(first.lost()).isZero();
  }

  @Test
  void whoFirstAnnouncesItTellsItUpToTheEnd() {
    Ends ends = new Ends(first.connect(Role.SERVER), second.connect(Role.SERVER));
    ends.second.rx(get("/a")).tx(OK).close();
    ends.first.rx(get("/a")).tx(OK).close();

    assertThat(paths(first)).containsExactly("/a");
    assertThat(paths(second)).isEmpty();
  }

  @Test
  void aCaptureThatIsBehindDoesNotTellAgainWhatHasBeenToldToTheEnd() {
    first.connect(Role.SERVER).rx(get("/a")).tx(OK).close();
    second.connect(Role.SERVER).rx(get("/a")).tx(OK).close();

    assertThat(paths(first)).containsExactly("/a");
    assertThat(paths(second)).isEmpty();
    assertThat(second.lost(LossCause.OTHER_CAPTURE)).isEqualTo(1);
  }

  @Test
  void aSocketThatIsConnectedAgainIsToldAgain() {
    SimulatedConnection connection = first.connect(Role.CLIENT).tx(get("/a")).rx(OK).close();
    connection.announce().tx(get("/b")).rx(OK);

    assertThat(paths(first)).containsExactly("/a", "/b");
    assertThat(first.lost(LossCause.OTHER_CAPTURE)).isZero();
  }

  @Test
  void capturesOfAnotherOrAnUnknownKernelAreOnTheirOwn() {
    for (String bootId : List.of("boot-2", "", "")) {
      SimulatedCapture other = new SimulatedCapture(100, kernels, bootId);
      other.connect(Role.SERVER).rx(get("/a")).tx(OK);
      assertThat(paths(other)).containsExactly("/a");
    }
  }

  @Test
  void theOtherGoesOnInTheMiddleOfAConnectionWhenItsTellerIsGone() {
    Ends ends = both(e -> e.exchange("/a"));
    first.decoder.disconnected();
    ends.second.rx(get("/b")).tx(OK).rx(get("/c")).tx(OK);

    assertThat(paths(first)).containsExactly("/a");
    assertThat(paths(second)).containsExactly("/b", "/c");
    second.connect(Role.SERVER).rx(get("/d")).tx(OK);
    assertThat(paths(second)).as("a new connection").endsWith("/d");
  }

  @Test
  void whatHadBeenToldBeforeItsTellerWasGoneIsNotToldAgain() {
    Ends ends = new Ends(first.connect(Role.SERVER), second.connect(Role.SERVER));
    ends.first.rx(get("/a")).tx(OK).rx(get("/b")).tx(OK);
    first.decoder.disconnected();
    first.decoder.close();
    ends.second.rx(get("/a")).tx(OK).rx(get("/b")).tx(OK).rx(get("/c")).tx(OK);

    assertThat(paths(first)).containsExactly("/a", "/b");
    assertThat(paths(second)).containsExactly("/c");
  }

  @Test
  void whoComesBackLeavesToTheOtherWhatItHasTakenOver() {
    Ends ends = both(e -> e.exchange("/a"));
    first.decoder.disconnected();
    ends.second.rx(get("/b")).tx(OK);
    first.decoder.resumed();
    ends.first.rx(get("/b")).tx(OK);
    ends.exchange("/c");
    assertThat(paths(first)).containsExactly("/a");
    assertThat(paths(second)).containsExactly("/b", "/c");

    second.decoder.close();
    ends.first.rx(get("/d")).tx(OK);
    assertThat(paths(first)).as("and takes it back").containsExactly("/a", "/d");
  }

  @Test
  void whoComesBackKeepsWhatNobodyHasTakenOver() {
    Ends ends = both(e -> e.exchange("/a"));
    first.decoder.disconnected();
    first.decoder.resumed();
    ends.exchange("/b");

    assertThat(paths(first)).containsExactly("/a", "/b");
    assertThat(paths(second)).isEmpty();
  }

  @Test
  void whatACaptureForgetsTheOtherTakesOver() {
    SimulatedCapture small = new SimulatedCapture(1, kernels, "boot-1");
    for (int i = 0; i < 5; i++) {
      small.connect(Role.SERVER); // cookies the others have not come to yet
    }
    SimulatedConnection forgotten = small.connect(Role.SERVER).rx(get("/a")).tx(OK);
    for (int i = 0; i < 5; i++) {
      second.connect(Role.SERVER);
    }
    SimulatedConnection same = second.connect(Role.SERVER).rx(get("/a")).tx(OK);
    assertThat(paths(second)).isEmpty();

    small.connect(Role.SERVER);
    same.rx(get("/b")).tx(OK);
    forgotten.rx(get("/b")).tx(OK);
    assertThat(paths(small)).containsExactly("/a");
    assertThat(paths(second)).containsExactly("/b");
  }

  @Test
  void threeCapturesAgreeOnTheNextTeller() {
    SimulatedCapture third = new SimulatedCapture(100, kernels, "boot-1");
    Ends ends = both(e -> e.exchange("/a"));
    SimulatedConnection last = third.connect(Role.SERVER).rx(get("/a")).tx(OK);
    first.decoder.disconnected();
    ends.second.rx(get("/b")).tx(OK);
    last.rx(get("/b")).tx(OK);

    assertThat(Stream.of(first, second, third).flatMap(capture -> paths(capture).stream()))
        .containsExactly("/a", "/b");
  }

  /** The same socket in both captures. */
  private record Ends(SimulatedConnection first, SimulatedConnection second) {
    Ends exchange(String path) {
      return all(end -> end.rx(get(path)).tx(OK));
    }

    Ends close() {
      return all(SimulatedConnection::close);
    }

    private Ends all(UnaryOperator<SimulatedConnection> operation) {
      operation.apply(first);
      operation.apply(second);
      return this;
    }
  }

  private Ends both(UnaryOperator<Ends> operations) {
    return operations.apply(new Ends(first.connect(Role.SERVER), second.connect(Role.SERVER)));
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n";
  }

  private static List<String> paths(SimulatedCapture capture) {
    return capture.exchanges().stream().map(HttpExchange::path).toList();
  }
}
