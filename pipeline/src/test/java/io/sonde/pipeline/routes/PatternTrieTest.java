package io.sonde.pipeline.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PatternTrieTest {
  private static final List<String> PATTERNS =
      List.of(
          "/",
          "/user/{id}",
          "/user/me",
          "/user/:id/info",
          "/user/{id}/orders/{order}",
          "/user/me/orders/*",
          "/static/*",
          "/static/css",
          "/*/audit",
          "/a/{x}/c",
          "/a/b/d");

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "/, /",
        "/user/7, /user/{id}",
        "/user/7/, /user/{id}",
        "/user/me, /user/me",
        "/user/7/info, /user/:id/info",
        "/user/me/info, /user/:id/info",
        "/user/7/orders/9, /user/{id}/orders/{order}",
        "/user/me/orders/9, /user/me/orders/*",
        "/user/me/orders/9/items, /user/me/orders/*",
        "/user/me/orders, /user/me/orders/*",
        "/user/7/orders, none",
        "/user, none",
        "/static, /static/*",
        "/static/, /static/*",
        "/static/css, /static/css",
        "/static/css/a.css, /static/*",
        "/static//x, /static/*",
        "/static/../x, /static/*",
        "/teams/audit, /*/audit",
        "/teams/x/audit, none",
        "/a/b/c, /a/{x}/c",
        "/a/b/d, /a/b/d",
        "/user//info, none",
        "/user/../info, none",
        "/user/./info, none",
        "/user/%2e%2e/info, /user/:id/info",
        "/USER/7, none",
        "/user7, none",
        "//, none",
        "user/7, none",
        "*, none"
      })
  void theMostSpecificPatternThatMatchesIsTheRouteWhateverTheOrder(String path, String route) {
    List<String> patterns = new ArrayList<>(PATTERNS);
    for (int seed = 0; seed < 20; seed++) {
      Collections.shuffle(patterns, new Random(seed));
      assertThat(new PatternTrie(patterns).find(path)).as("%s", patterns).isEqualTo(route);
    }
  }

  @Test
  void ofPatternsThatMatchTheSamePathsTheFirstIsTheRoute() {
    assertThat(new PatternTrie(List.of("/u/{a}", "/u/:b")).find("/u/1")).isEqualTo("/u/{a}");
    assertThat(new PatternTrie(List.of("/u/:b", "/u/{a}")).find("/u/1")).isEqualTo("/u/:b");
    assertThat(new PatternTrie(List.of("/u/x/", "/u/x")).find("/u/x")).isEqualTo("/u/x/");
  }

  @Test
  void aPathOfThousandsOfSegmentsOrOfOneIsJustAnotherPath() {
    PatternTrie patterns = new PatternTrie(List.of("/a/{b}/{c}", "/z/*", "/a/a/*"));

    assertThat(patterns.find("/a".repeat(100_000))).isEqualTo("/a/a/*");
    assertThat(patterns.find("/z" + "/".repeat(100_000))).isEqualTo("/z/*");
    assertThat(patterns.find("/" + "z".repeat(100_000))).isNull();
    assertThat(patterns.find("/a/" + "%2f".repeat(10_000) + "/c")).isEqualTo("/a/{b}/{c}");
  }

  /** Against the rule written down as a comparison of all patterns. */
  @Test
  void anyPatternsFindWhatTryingThemAllFinds() {
    Random random = new Random(5);
    String[] words = {"a", "b", "{v}", "*"};
    for (int round = 0; round < 2_000; round++) {
      List<String> patterns = new ArrayList<>();
      for (int n = random.nextInt(6); n >= 0; n--) {
        patterns.add(randomPath(random, words));
      }
      String path = randomPath(random, new String[] {"a", "b", "c", ""});
      assertThat(new PatternTrie(patterns).find(path))
          .as("%s of %s", path, patterns)
          .isEqualTo(Specificity.best(patterns, path));
    }
  }

  private static String randomPath(Random random, String[] words) {
    StringBuilder path = new StringBuilder();
    for (int n = random.nextInt(4); n >= 0; n--) {
      path.append('/').append(words[random.nextInt(words.length)]);
    }
    return path.toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "user/{id}",
        "",
        "/user/{id}.json",
        "/user/x{id}",
        "/user/{id:[0-9]+}",
        "/files/*.css",
        "/a/**",
        "/a//b",
        "/a?b=1",
        "/a b",
        "/<int:id>",
        "/:id.json",
        "/a#b"
      })
  void whatWouldNeverMatchAsItIsMeantIsRefused(String pattern) {
    assertThatThrownBy(() -> RoutePattern.parse(pattern))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a");
  }
}
