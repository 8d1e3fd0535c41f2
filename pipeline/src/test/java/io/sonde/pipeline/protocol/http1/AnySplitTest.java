package io.sonde.pipeline.protocol.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.pipeline.connection.SimulatedCapture;
import io.sonde.pipeline.connection.SimulatedConnection;
import io.sonde.pipeline.event.Role;
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
 * However the bytes of a conversation are cut into reads and writes, the same is told of it. A seed
 * that fails is named: it makes the same conversation again.
 */
class AnySplitTest {
  private static final int CONVERSATIONS = 600;
  private static final int SPLITS = 6;

  @ParameterizedTest
  @EnumSource(names = {"SERVER", "CLIENT"})
  void everySplitTellsWhatWasSaid(Role role) {
    for (int seed = 0; seed < CONVERSATIONS; seed++) {
      Recording whole = new MadeUpConversation(new Random(seed)).make();
      SimulatedCapture unsplit = whole.play(everything(), role);
      assertThat(withoutError(Told.exchanges(unsplit)))
          .as("seed %d", seed)
          .isEqualTo(whole.expected());
      assertThat(Told.losses(unsplit)).as("seed %d", seed).isEqualTo(whole.losses());

      Random random = new Random(~seed);
      for (int i = 0; i < SPLITS; i++) {
        SimulatedCapture split = split(whole, random).play(everything(), role);
        assertThat(Told.exchanges(split))
            .as("seed %d, split %d", seed, i)
            .isEqualTo(Told.exchanges(unsplit));
        assertThat(Told.losses(split)).as("seed %d, split %d", seed, i).isEqualTo(whole.losses());
        assertThat(split.addsUp()).as("seed %d, split %d", seed, i).isTrue();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SERVER", "CLIENT"})
  void withGapsAndLossesTheAccountStillAddsUpAndNothingIsInvented(Role role) {
    for (int seed = 0; seed < CONVERSATIONS; seed++) {
      Random random = new Random(seed);
      Recording whole = new MadeUpConversation(random).make();
      SimulatedCapture capture =
          new SimulatedCapture().budgets(20 + random.nextInt(2000), 20 + random.nextInt(2000));
      SimulatedConnection connection = capture.connect(role);
      for (Piece piece : split(whole, random).pieces()) {
        if (random.nextInt(8) == 0) {
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
      assertThat(capture.exchanges().size())
          .as("seed %d", seed)
          .isLessThanOrEqualTo(whole.expected().size());
      List<String> said = whole.expected().stream().map(AnySplitTest::methodAndPath).toList();
      assertThat(said)
          .as("seed %d", seed)
          .containsAll(
              capture.exchanges().stream()
                  .filter(exchange -> !exchange.truncated())
                  .map(exchange -> exchange.method() + " " + exchange.path())
                  .toList());
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

  private static List<String> withoutError(List<String> told) {
    return told.stream().map(line -> line.replaceAll(" error=.*", "")).toList();
  }

  private static String methodAndPath(String expected) {
    return expected.substring(0, expected.indexOf(" query="));
  }
}
