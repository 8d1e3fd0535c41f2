package io.sonde.pipeline.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.pipeline.connection.SimulatedCapture;
import io.sonde.pipeline.connection.SimulatedConnection;
import io.sonde.pipeline.event.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The hard questions, put to every protocol with the recordings that lie beside its test. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ProtocolKit {
  private static final int MUTATIONS = 300;

  private final Path folder;
  private final String extension;

  /**
   * @param extension of the recordings' file names, with its dot
   */
  protected ProtocolKit(String extension) {
    this.folder =
        Path.of("src/test/java", getClass().getPackageName().replace('.', '/')).toAbsolutePath();
    this.extension = extension;
  }

  /**
   * Whether all that is told is true, by what there was; of some protocols not all can be known.
   */
  protected boolean isPartOf(String told, String expected) {
    return told.equals(expected);
  }

  Stream<Recording> recordings() throws IOException {
    List<Recording> recordings = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(extension)).sorted().toList()) {
        recordings.add(Recording.read(file));
      }
    }
    return recordings.stream();
  }

  @Test
  void thereAreRecordings() throws IOException {
    assertThat(recordings()).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("recordings")
  void theServerSideSeesTheRecordedExchanges(Recording recording) {
    SimulatedCapture capture = recording.play(unlimited(), Role.SERVER);

    assertThat(Told.exchanges(capture)).isEqualTo(recording.expected());
    assertThat(capture.addsUp()).isTrue();
    assertThat(Told.losses(capture)).isEqualTo(recording.losses());
  }

  @ParameterizedTest
  @MethodSource("recordings")
  void theClientSideSeesTheSameButCallsMoreAnError(Recording recording) {
    SimulatedCapture capture = recording.play(unlimited(), Role.CLIENT);

    assertThat(withoutError(Told.exchanges(capture))).isEqualTo(withoutError(recording.expected()));
    assertThat(capture.addsUp()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("recordings")
  void theSideOfAnOlderConnectionIsToldByItsFirstBytes(Recording recording) {
    for (Role role : List.of(Role.SERVER, Role.CLIENT)) {
      SimulatedCapture capture = unlimited();
      SimulatedConnection connection = capture.connectedBefore();
      recording.play(connection, role);
      connection.close(false, recording.closedByServer() == (role == Role.SERVER));

      assertThat(withoutError(Told.exchanges(capture)))
          .isEqualTo(withoutError(recording.expected()));
      assertThat(capture.told()).allMatch(exchange -> exchange.role() == role);
    }
  }

  @ParameterizedTest
  @MethodSource("recordings")
  void cuttingTheBytesAtAnyPositionChangesNothing(Recording recording) {
    for (Role role : List.of(Role.SERVER, Role.CLIENT)) {
      List<String> whole = Told.exchanges(recording.play(unlimited(), role));
      for (int position = 1; position < recording.length(); position++) {
        SimulatedCapture cut = recording.cutAt(position).play(unlimited(), role);
        assertThat(Told.exchanges(cut)).as("cut at %d", position).isEqualTo(whole);
        assertThat(Told.losses(cut)).as("cut at %d", position).isEqualTo(recording.losses());
      }
      for (int size : new int[] {1, 2, 3, 7}) {
        SimulatedCapture cut = recording.cutInto(size).play(unlimited(), role);
        assertThat(Told.exchanges(cut)).as("in pieces of %d", size).isEqualTo(whole);
        assertThat(Told.losses(cut)).as("in pieces of %d", size).isEqualTo(recording.losses());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("recordings")
  void whatIsCutShortIsNeverMoreThanTheWholeAndAddsUp(Recording recording) {
    for (int position = 0; position < recording.length(); position++) {
      SimulatedCapture capture = recording.endingAt(position).play(unlimited(), Role.SERVER);
      assertThat(capture.told().size()).isLessThanOrEqualTo(recording.expected().size());
      assertThat(capture.addsUp()).as("ending at %d", position).isTrue();
      assertThat(capture.open()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("recordings")
  void joinedAnywhereOnlyWholeExchangesOfTheRecordingComeOut(Recording recording) {
    int pieces = recording.pieces().size();
    for (int from = 1; from < pieces; from++) {
      SimulatedCapture capture = unlimited();
      SimulatedConnection connection = capture.connectedBefore();
      recording.withPieces(recording.pieces().subList(from, pieces)).play(connection, Role.SERVER);
      connection.close();

      assertThat(Told.exchanges(capture))
          .as("joined at piece %d", from)
          .allMatch(told -> recording.expected().stream().anyMatch(e -> isPartOf(told, e)));
      assertThat(capture.addsUp()).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("recordings")
  void anyLostRecordIsCountedAndNothingIsPairedWrongly(Recording recording) {
    int pieces = recording.pieces().size();
    for (int lost = 1; lost < pieces; lost++) {
      SimulatedCapture capture = unlimited();
      SimulatedConnection connection = capture.connect(Role.SERVER);
      recording.withPieces(recording.pieces().subList(0, lost)).play(connection, Role.SERVER);
      connection.lose(1);
      recording.withPieces(recording.pieces().subList(lost, pieces)).play(connection, Role.SERVER);
      connection.close();

      assertThat(Told.exchanges(capture))
          .as("piece %d lost", lost)
          .allMatch(told -> recording.expected().stream().anyMatch(e -> isPartOf(told, e)));
      assertThat(capture.addsUp()).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("recordings")
  void anyBudgetGivesTheSameRequestsOrCountsThem(Recording recording) {
    for (int budget = 16; budget < 400; budget += 7) {
      SimulatedCapture capture =
          recording.play(new SimulatedCapture().budgets(4096, budget), Role.SERVER);
      assertThat(capture.addsUp()).as("budget of %d", budget).isTrue();
      assertThat(capture.told().size() + capture.lost())
          .as("budget of %d", budget)
          .isGreaterThanOrEqualTo(recording.expected().size());
    }
  }

  @ParameterizedTest
  @MethodSource("recordings")
  void mutatedBytesNeitherThrowNorStayNorUpsetTheAccount(Recording recording) {
    Random random = new Random(recording.name().hashCode());
    for (int i = 0; i < MUTATIONS; i++) {
      SimulatedCapture capture = mutated(recording, random).play(unlimited(), Role.SERVER);
      assertThat(capture.addsUp()).as("mutation %d", i).isTrue();
      assertThat(capture.open()).isZero();
    }
  }

  private static Recording mutated(Recording recording, Random random) {
    List<Recording.Piece> pieces = new ArrayList<>();
    for (Recording.Piece piece : recording.pieces()) {
      byte[] data = piece.data().clone();
      for (int n = random.nextInt(4); n > 0 && data.length > 0; n--) {
        data[random.nextInt(data.length)] = (byte) random.nextInt(256);
      }
      pieces.add(new Recording.Piece(piece.fromClient(), data));
    }
    return recording.withPieces(pieces).cutInto(1 + random.nextInt(200));
  }

  /** Everything captured, so that only the bytes decide. */
  private static SimulatedCapture unlimited() {
    return new SimulatedCapture().budgets(1 << 20, 1 << 20);
  }

  private static List<String> withoutError(List<String> described) {
    return described.stream().map(line -> line.replaceAll(" error=.*", "")).toList();
  }
}
