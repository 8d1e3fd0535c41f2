package io.sonde.pipeline.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LearnedPathsTest {
  private static final List<String> NAMES =
      List.of("anna", "berta", "carla", "dora", "emma", "flora", "greta");

  private final LearnedPaths paths = new LearnedPaths(new SegmentRoom(100_000));

  @Test
  void aPlaceWithMoreDifferentWordsThanAllowedCollapsesForGood() {
    for (String name : NAMES.subList(0, 3)) {
      assertThat(learn("/users/" + name + "/orders")).isEqualTo("/users/" + name + "/orders");
    }
    assertThat(learn("/users/dora/orders")).isEqualTo("/users/*/orders");
    assertThat(learn("/users/anna/orders")).as("known before").isEqualTo("/users/*/orders");
    assertThat(learn("/users/anna")).isEqualTo("/users/*");
    assertThat(learn("/items/anna")).as("another place").isEqualTo("/items/anna");
    assertThat(paths.lines()).containsExactlyInAnyOrder("/users/!/orders", "/items/anna");
  }

  @Test
  void whatIsBelowCollapsedPlacesIsMergedAndCollapsesTooWhenItIsTooMuch() {
    learn("/users/anna/a");
    learn("/users/berta/b");
    learn("/users/carla/c");
    learn("/users/7/d");
    assertThat(learn("/users/dora/e")).isEqualTo("/users/*/*");
    assertThat(paths.lines()).containsExactly("/users/!/!");
    assertThat(paths.nodes()).isEqualTo(3);
  }

  @Test
  void dataIsNotCountedAmongTheWords() {
    for (int id = 0; id < 100; id++) {
      assertThat(learn("/users/" + id)).isEqualTo("/users/*");
    }
    assertThat(learn("/users/me")).isEqualTo("/users/me");
  }

  @Test
  void whatIsNotToBeLearnedIsNotAndFollowsWhatIsKnown() {
    for (String name : NAMES) {
      assertThat(route("/users/" + name, false)).isEqualTo("/users/" + name);
    }
    assertThat(paths.nodes()).isZero();

    NAMES.forEach(name -> learn("/users/" + name));
    assertThat(route("/users/zoe/nothing", false)).isEqualTo("/users/*/nothing");
    assertThat(paths.lines()).containsExactly("/users/!");
  }

  @Test
  void linesAddedGiveTheSameRoutesAndTheSameLines() {
    NAMES.forEach(name -> learn("/users/" + name + "/orders/9/items"));
    learn("/health");
    learn("/users");
    LearnedPaths copy = new LearnedPaths(new SegmentRoom(100));
    paths.lines().forEach(copy::add);

    assertThat(copy.lines()).isEqualTo(paths.lines());
    assertThat(copy.nodes()).isEqualTo(paths.nodes());
    StringBuilder route = new StringBuilder();
    copy.route("/users/hanna/orders/12", true, 3, '*', route);
    assertThat(route.toString()).isEqualTo("/users/*/orders/*");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "/", "users", "/users//x", "/users/42", "/a/b/c/d/e/f/g/h/i/j/k", "/a/\u0000"})
  void aLineThatCannotHaveBeenWrittenIsRefused(String line) {
    assertThatThrownBy(() -> paths.add(line)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whateverIsAskedTheRoomIsKeptTo() {
    SegmentRoom room = new SegmentRoom(500);
    LearnedPaths first = new LearnedPaths(room);
    LearnedPaths second = new LearnedPaths(room);
    Random random = new Random(1);
    Set<String> routes = new HashSet<>();
    for (int i = 0; i < 100_000; i++) {
      StringBuilder route = new StringBuilder();
      LearnedPaths one = random.nextBoolean() ? first : second;
      one.route(randomPath(random), true, 100, '*', route);
      routes.add(route.toString());
      assertThat(first.nodes() + second.nodes()).isLessThanOrEqualTo(500);
    }
    assertThat(routes.size()).isLessThan(1_000);
    first.forget();
    second.forget();
    for (int i = 0; i < 500; i++) {
      assertThat(room.take()).as("what was taken was given back").isTrue();
    }
    assertThat(room.take()).isFalse();
  }

  private static String randomPath(Random random) {
    StringBuilder path = new StringBuilder();
    for (int n = random.nextInt(6); n >= 0; n--) {
      path.append('/').append((char) ('a' + random.nextInt(26)));
      path.append((char) ('a' + random.nextInt(26)));
    }
    return path.toString();
  }

  private String learn(String path) {
    return route(path, true);
  }

  private String route(String path, boolean learn) {
    StringBuilder route = new StringBuilder();
    paths.route(path, learn, 3, '*', route);
    return route.toString();
  }
}
