package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A web framework's requests")
class FrameworksIT {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void areEachReportedOnce(Framework framework) {
    try (WebServer server = WebServer.start(framework, folder);
        Sonde sonde = Sonde.observingPorts(folder, server.port())) {
      Http.curl(folder, server.url("/"), server.url("/api/users/42"), server.url("/products/shoe"));
      Http.curl(folder, "--data-raw", "twelve bytes", server.url("/api/users"));
      Http.curl(folder, "-X", "DELETE", server.url("/api/users/42"));
      Http.curl(folder, server.url("/files/a/b.txt?v=1"));
      Http.curl(folder, "-I", server.url("/nowhere"));

      List<Trace> traces = sonde.awaitTraces(7, trace -> true);

      assertThat(traces).allMatch(trace -> trace.kind().equals("SERVER"));
      assertThat(traces.stream().map(Trace::asAccessLine))
          .containsExactlyInAnyOrderElementsOf(server.accessLog());
    }
  }
}
