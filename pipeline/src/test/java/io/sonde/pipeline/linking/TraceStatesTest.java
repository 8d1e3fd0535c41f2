package io.sonde.pipeline.linking;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.TraceState;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceStatesTest {
  private static String members(int n) {
    return IntStream.range(0, n).mapToObj(i -> "k" + i + "=v").collect(Collectors.joining(","));
  }

  @Test
  void membersKeepTheirOrderAndWhatTheirOwnersWrote() {
    TraceState state =
        TraceStates.read("rojo=00f067aa0ba902b7 ,\tcongo=t61rcWkgMzE;a b!~, ,fw529a3039@dt=FfAb");
    Map<String, String> read = new LinkedHashMap<>();
    state.forEach(read::put);
    assertThat(read.toString())
        .isEqualTo("{rojo=00f067aa0ba902b7, congo=t61rcWkgMzE;a b!~, fw529a3039@dt=FfAb}");
  }

  @Test
  void thirtyTwoMembersAreTakenAndNoMore() {
    assertThat(TraceStates.read(members(32)).size()).isEqualTo(32);
    assertThat(TraceStates.read(members(33)).isEmpty()).isTrue();
  }

  @Test
  void keysAndValuesMayHave256Characters() {
    String key = "k".repeat(256);
    String value = "v".repeat(256);
    assertThat(TraceStates.read(key + "=" + value).get(key)).isEqualTo(value);
    assertThat(TraceStates.read(key + "k=v").isEmpty()).isTrue();
    assertThat(TraceStates.read("k=" + value + "v").isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rojo",
        "=1",
        "rojo=",
        "Rojo=1",
        "_rojo=1",
        "ro jo=1",
        "rojo=1=2",
        "rojo=1\u0007",
        "rojo=\u00e9",
        "rojo=1,congo=2,rojo=3",
        "congo=2,;=3",
      })
  void oneBadMemberSpoilsTheList(String list) {
    assertThat(TraceStates.read(list).isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", ",", " ,\t,"})
  void anEmptyListIsNone(String list) {
    assertThat(TraceStates.read(list).isEmpty()).isTrue();
  }

  @Test
  void aBadListDoesNotSpoilTheTraceparent() {
    String parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    assertThat(TraceParent.remote(parent, "rojo=1,rojo=2").isValid()).isTrue();
    assertThat(TraceParent.remote(parent, "rojo=1").getTraceState().get("rojo")).isEqualTo("1");
  }

  @Test
  void nothingThatCanBeSentIsTooMuch() {
    Random random = new Random(7);
    String alphabet = "ab=, @-_*/\t~\u00ff";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder list = new StringBuilder();
      for (int length = random.nextInt(60); length > 0; length--) {
        list.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      TraceStates.read(list.toString())
          .forEach(
              (key, value) -> {
                assertThat(key).matches("[a-z0-9][a-z0-9_*/@-]*");
                assertThat(value).matches("[ -~&&[^=,]]*[!-~&&[^=,]]");
              });
    }
  }
}
