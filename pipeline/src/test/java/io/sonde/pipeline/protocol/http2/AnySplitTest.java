package io.sonde.pipeline.protocol.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.pipeline.connection.SimulatedCapture;
import io.sonde.pipeline.connection.SimulatedConnection;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.HttpExchange;
import io.sonde.pipeline.exchange.RpcExchange;
import io.sonde.pipeline.protocol.Recording;
import io.sonde.pipeline.protocol.Recording.Piece;
import io.sonde.pipeline.protocol.Told;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * However the bytes of a conversation are cut into reads and writes, the same is told of it; and
 * where some of it is missing, what is told is true. A seed that fails is named.
 */
class AnySplitTest {
  private static final int CONVERSATIONS = 300;
  private static final int SPLITS = 4;

  @ParameterizedTest
  @EnumSource(names = {"SERVER", "CLIENT"})
  void everySplitTellsWhatWasSaid(Role role) {
    for (int seed = 0; seed < CONVERSATIONS; seed++) {
      Random random = new Random(seed);
      Recording whole = new MadeUpStreams(random).make();
      SimulatedCapture unsplit = whole.play(everything(), role);
      assertThat(unsplit.lost()).as("seed %d", seed).isZero();
      assertThat(unsplit.told()).as("seed %d", seed).hasSize(MadeUpStreams.STREAMS);
      checkTruth(unsplit, seed);

      for (int i = 0; i < SPLITS; i++) {
        SimulatedCapture split = split(whole, random).play(everything(), role);
        assertThat(Told.exchanges(split))
            .as("seed %d, split %d", seed, i)
            .isEqualTo(Told.exchanges(unsplit));
        assertThat(split.addsUp()).as("seed %d, split %d", seed, i).isTrue();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SERVER", "CLIENT"})
  void withGapsAndLossesTheAccountAddsUpAndNothingIsInvented(Role role) {
    for (int seed = 0; seed < 3 * CONVERSATIONS; seed++) {
      Random random = new Random(seed);
      Recording whole = new MadeUpStreams(random).make();
      SimulatedCapture capture =
          new SimulatedCapture().budgets(20 + random.nextInt(2000), 20 + random.nextInt(2000));
      SimulatedConnection connection =
          seed % 3 == 0 ? capture.connectedBefore() : capture.connect(role);
      List<Piece> pieces = split(whole, random).pieces();
      int from = seed % 3 == 0 ? random.nextInt(pieces.size()) : 0;
      for (Piece piece : pieces.subList(from, pieces.size())) {
        if (random.nextInt(12) == 0) {
          connection.lose(1);
        }
        boolean rx = piece.fromClient() == (role == Role.SERVER);
        boolean uncapturable = random.nextInt(12) == 0;
        if (uncapturable && rx) {
          connection.uncapturableRx(piece.data().length);
        } else if (uncapturable) {
          connection.sendfile(piece.data().length);
        } else if (rx) {
          connection.rx(piece.data());
        } else {
          connection.tx(piece.data());
        }
        assertThat(capture.addsUp()).as("seed %d", seed).isTrue();
      }
      connection.lose(0).close();

      assertThat(capture.addsUp()).as("seed %d", seed).isTrue();
      assertThat(capture.open()).as("seed %d", seed).isZero();
      checkTruth(capture, seed);
    }
  }

  /** A path says what else there must be. */
  private static void checkTruth(SimulatedCapture capture, int seed) {
    for (HttpExchange told : capture.exchanges()) {
      if (told.path().isEmpty()) {
        assertThat(told.route()).as("seed %d", seed).isEqualTo("unknown");
        continue;
      }
      int stream = Integer.parseInt(told.path().substring("/http/".length()));
      assertThat(told.method()).as("seed %d", seed).isIn("_OTHER", MadeUpStreams.method(stream));
      assertThat(told.requestBodyBytes())
          .as("seed %d, stream %d", seed, stream)
          .isIn(-1L, MadeUpStreams.requestBytes(stream), 0L);
      if (told.errorType() == null && told.statusCode() != 0) {
        assertThat(told.statusCode()).as("seed %d", seed).isEqualTo(MadeUpStreams.status(stream));
        assertThat(told.responseBodyBytes())
            .as("seed %d, stream %d", seed, stream)
            .isEqualTo(MadeUpStreams.answerBytes(stream));
      }
    }
    for (RpcExchange told : capture.calls()) {
      if (told.method() == null) {
        continue;
      }
      int stream = Integer.parseInt(told.method().substring("test.Calls/M".length()));
      if (told.errorType() == null && told.statusCode() != -1) {
        assertThat(told.statusCode()).isEqualTo(MadeUpStreams.grpcStatus(stream));
        assertThat(told.responseMessages())
            .as("seed %d, stream %d", seed, stream)
            .isIn(-1L, MadeUpStreams.answerMessages(stream));
      }
    }
  }

  private static Recording split(Recording whole, Random random) {
    List<Piece> pieces = new ArrayList<>();
    int longest = 1 + random.nextInt(random.nextBoolean() ? 10 : 300);
    for (Piece piece : whole.pieces()) {
      byte[] data = piece.data();
      int from = 0;
      while (from < data.length) {
        int to = Math.min(data.length, from + 1 + random.nextInt(longest));
        pieces.add(new Piece(piece.fromClient(), Arrays.copyOfRange(data, from, to)));
        from = to;
      }
    }
    return whole.withPieces(pieces);
  }

  private static SimulatedCapture everything() {
    return new SimulatedCapture().budgets(1 << 20, 1 << 20);
  }
}
