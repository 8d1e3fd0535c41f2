package io.sonde.pipeline.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameworkRouteTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # net/http
          /items/{id}                 | /items/{id}              | /items/7
          GET /items/{id}             | /items/{id}              | /items/7
          GET example.com/items/{id}  | /items/{id}              | /items/7
          example.com/                | /                        | /
          /files/{rest...}            | /files/{rest...}         | /files/a/b/c
          /files/{rest...}            | /files/{rest...}         | /files/
          /static/                    | /static/                 | /static/css/main.css
          /static/                    | /static/                 | /static/
          /static/                    | /static/                 | /static
          /exact/{$}                  | /exact/                  | /exact/
          /{$}                        | /                        | /
          /b_{$}                      | /b_                      | /b_
          /a b/{x}                    |                          | /a%20b/c
          /caf%C3%A9/{x}              | /caf%C3%A9/{x}           | /caf%C3%A9/1
          /b/{x}                      | /b/{x}                   | /b/a%2Fb
          # gorilla/mux
          /items/{id:[0-9]+}          | /items/{id}              | /items/7
          /items/{id:[0-9]{2,4}}/info | /items/{id}/info         | /items/77/info
          /{kind}/{id}.json           | /{kind}/{id}.json        | /items/7.json
          /{a}-{b}/x                  | /{a}-{b}/x               | /1-2-3/x
          /any/{rest:.*}              | /any/{rest}              | /any/a/b
          /any/{rest:.*}              | /any/{rest}              | /any/
          # gin
          /users/:id                  | /users/:id               | /users/7
          /users/:id/posts/:post      | /users/:id/posts/:post   | /users/7/posts/9
          /assets/*file               | /assets/*file            | /assets/js/a.js
          /assets/*file               | /assets/*file            | /assets/
          /plain                      | /plain                   | /plain
          """)
  void aRouteOfItsRequest(String told, String text, String path) {
    FrameworkRoute route = FrameworkRoute.parse(told);

    if (text == null) {
      assertThat(route).isNull();
    } else {
      assertThat(route.text()).isEqualTo(text);
      assertThat(route.matches(path)).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /items/{id}           | /items
          /items/{id}           | /items/
          /items/{id}           | /items/7/info
          /items/{id}           | /orders/7
          /items/{id}/info      | /items//info
          /exact/{$}            | /exact/more
          /static/              | /statics
          /{kind}/{id}.json     | /items/7.xml
          /users/:id            | /users/7/posts
          /users/:id            | /users
          /assets/*file         | /asset/x
          /                     | /whatever
          /{$}                  | /whatever
          /plain                | /plain/
          """)
  void aRouteOfAnotherRequest(String told, String path) {
    assertThat(FrameworkRoute.parse(told).matches(path)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "GET",
        "no slash",
        "/open/{id",
        "/close/id}",
        "/{$}/more",
        "/a/*rest/more",
        "/control/\u0007",
        "/null/\0",
        "/beyond/\u00e9",
        "/two words"
      })
  void whatIsNoRoute(String told) {
    assertThat(FrameworkRoute.parse(told)).isNull();
  }

  @Test
  void whatIsTooLongIsNoRoute() {
    assertThat(FrameworkRoute.parse("/" + "a".repeat(255))).isNotNull();
    assertThat(FrameworkRoute.parse("/" + "a".repeat(256))).isNull();
    assertThat(FrameworkRoute.parse("/{a}".repeat(30))).isNotNull();
    assertThat(FrameworkRoute.parse("/{a}".repeat(60))).isNull();
  }

  @Test
  void noPathTakesLongToMatch() {
    FrameworkRoute route = FrameworkRoute.parse("/" + "{a:.*}x".repeat(30));
    String path = "/" + "x".repeat(8000) + "y";

    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(10), () -> assertThat(route.matches(path)).isFalse());
  }

  @Test
  void whateverIsToldNothingIsThrown() {
    Random random = new Random(1);
    String alphabet = "/{}:*$. aA%2F\u0000\u00e9";
    for (int i = 0; i < 200_000; i++) {
      FrameworkRoute route = FrameworkRoute.parse(anything(random, alphabet));
      if (route != null) {
        route.matches("/" + anything(random, alphabet));
      }
    }
  }

  private static String anything(Random random, String alphabet) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(24); i > 0; i--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}
