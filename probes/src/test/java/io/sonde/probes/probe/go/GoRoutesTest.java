package io.sonde.probes.probe.go;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.contract.CaptureCounter;
import io.sonde.contract.RecordLayout;
import io.sonde.probes.elf.Run;
import io.sonde.probes.probe.CapturedRecord.GoTold;
import io.sonde.probes.probe.files.FileReport;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GoRoutesTest extends GoKit {
  @ParameterizedTest
  @EnumSource(names = {"LATEST", "LATEST_PIE", "GO_1_27"})
  void routesAreToldAsTheFrameworksHaveThem(Toolchain toolchain) throws Exception {
    assertThat(observe(toolchain.build("routes"))).singleElement().matches(FileReport::hooked);
    String standard = address;
    String gorilla = awaitLine("listens ");
    String gin = awaitLine("listens ");

    get(standard, "/items/1", "/files/a/b", "/deep/2/end", "/silent/3", "/nowhere");
    get(gorilla, "/items/4", "/api/things/five", "/nowhere");
    get(gin, "/items/6", "/api/files/7/8", "/nowhere");

    assertThat(awaitTold(RecordLayout.GoAct.ROUTES, 8))
        .extracting(GoTold::route)
        .containsExactly(
            "GET /items/{id}",
            "/files/{path...}",
            "/deep/{x}/end",
            "/silent/{x}",
            "/items/{id:[0-9]+}",
            "/api/things/{name}",
            "/items/:id",
            "/api/files/*path");
  }

  @ParameterizedTest
  @EnumSource(names = {"LATEST", "LATEST_PIE", "GO_1_27"})
  void routesAreOfTheGoroutineThatServesTheStream(Toolchain toolchain) throws Exception {
    observe(toolchain.build("routes"));
    for (String path : List.of("/items/1", "/deep/2/end", "/silent/3")) {
      Run.output("curl", "-sS", "--http2-prior-knowledge", "http://" + address + path);
    }

    List<GoTold> routes = awaitTold(RecordLayout.GoAct.ROUTES, 3);
    assertThat(routes)
        .extracting(GoTold::route)
        .containsExactly("GET /items/{id}", "/deep/{x}/end", "/silent/{x}");
    assertThat(awaitTold(RecordLayout.GoAct.SERVES, 3))
        .extracting(GoTold::goroutine)
        .isEqualTo(routes.stream().map(GoTold::goroutine).toList());
  }

  @Test
  void aRouteThatIsTooLongIsCountedInsteadOfCut() throws Exception {
    observe(Toolchain.LATEST.build("routes"));
    get(address, "/items/1", "/" + "x".repeat(300) + "/2", "/silent/3", "/nowhere");

    assertThat(awaitTold(RecordLayout.GoAct.ROUTES, 2))
        .extracting(GoTold::route)
        .containsExactly("GET /items/{id}", "/silent/{x}");
    assertThat(context.map("counters").perCpuSum(CaptureCounter.GO_ROUTES_UNREAD.index()))
        .isEqualTo(1);
  }

  private static void get(String address, String... paths) throws Exception {
    for (String path : paths) {
      Run.output("curl", "-sS", "http://" + address + path);
    }
  }
}
