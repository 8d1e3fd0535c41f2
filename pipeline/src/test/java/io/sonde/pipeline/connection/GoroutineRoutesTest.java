package io.sonde.pipeline.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.pipeline.event.GoroutineAct;
import io.sonde.pipeline.event.GoroutineAct.Kind;
import io.sonde.pipeline.event.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

/** For which request a framework's route is told. */
class GoroutineRoutesTest {
  private static final String GET = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

  private final SimulatedCapture capture = new SimulatedCapture();

  private SimulatedConnection server(long goroutine) {
    return capture.connect(Role.SERVER).goroutine(goroutine, 3);
  }

  private void routes(int pid, long goroutine, String route) {
    capture.act(
        new GoroutineAct(Kind.ROUTES, capture.later(), pid, 0, goroutine, 3, 0, List.of(), route));
  }

  private List<String> routesOf(int exchange) {
    return capture.exchanges().get(exchange).threads().routes();
  }

  @Test
  void thatWhichTheGoroutineServes() {
    SimulatedConnection a = server(7).rx(GET);
    SimulatedConnection b = server(8).rx(GET);
    routes(SimulatedCapture.PID, 8, "/b");
    routes(SimulatedCapture.PID, 7, "/a/");
    routes(SimulatedCapture.PID, 7, "/a/{id}");
    a.tx(OK);
    b.tx(OK);
    assertThat(routesOf(0)).containsExactly("/a/", "/a/{id}");
    assertThat(routesOf(1)).containsExactly("/b");
  }

  @Test
  void notTheNextOne() {
    SimulatedConnection a = server(7).rx(GET);
    routes(SimulatedCapture.PID, 7, "/a");
    a.tx(OK);
    routes(SimulatedCapture.PID, 7, "/late");
    a.rx(GET).tx(OK);
    assertThat(routesOf(0)).containsExactly("/a");
    assertThat(routesOf(1)).isEmpty();
  }

  @Test
  void notThoseOfOthers() {
    SimulatedConnection a = server(7).rx(GET);
    routes(SimulatedCapture.PID, 9, "/a");
    routes(SimulatedCapture.PID + 1, 7, "/a");
    a.tx(OK);
    assertThat(routesOf(0)).isEmpty();
  }

  @Test
  void ofManyTheLastFew() {
    SimulatedConnection a = server(7).rx(GET);
    for (int i = 0; i < 100; i++) {
      routes(SimulatedCapture.PID, 7, "/" + i);
    }
    a.tx(OK);
    assertThat(routesOf(0)).containsExactly("/96", "/97", "/98", "/99");
  }

  @Test
  void ofPipelinedRequestsEachHasItsOwn() {
    SimulatedConnection a = server(7).rx(GET + GET);
    routes(SimulatedCapture.PID, 7, "/1");
    a.tx(OK);
    routes(SimulatedCapture.PID, 7, "/2");
    a.tx(OK);
    assertThat(routesOf(0)).containsExactly("/1");
    assertThat(routesOf(1)).containsExactly("/2");
  }
}
