package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A configuration that changes while Sonde runs. */
class ReloadIT {
  @TempDir Path folder;

  @Test
  void aHangUpChangesWhoIsObservedWithoutDetachingAProbe() throws Exception {
    try (WebServer first = WebServer.start(WebServer.Kind.NGINX, folder);
        WebServer second = WebServer.start(WebServer.Kind.NODE, folder);
        Sonde sonde = Sonde.configured(folder, Map.of(), selecting(first))) {
      Http.get(first.url("/one"));
      sonde.awaitTraces(1, trace -> trace.path().equals("/one"));

      change(selecting(second) + "service_name = renamed\ncapture.ring_bytes = 1048576\n");
      hangUp(sonde);
      awaitSaid(sonde, "observing by the new options");
      assertThat(sonde.program().errors())
          .contains("capture.ring_bytes has changed, which takes a restart")
          .containsOnlyOnce("capturing; probes");

      Http.get(first.url("/not-told"));
      Http.get(second.url("/two"));
      assertThat(sonde.awaitTraces(1, trace -> trace.path().equals("/two")))
          .singleElement()
          .extracting(Trace::service)
          .isEqualTo("renamed");
      assertThat(sonde.traces(trace -> trace.path().equals("/not-told"))).isEmpty();
      assertThat(sonde.metrics().named("sonde_config_last_reload_successful"))
          .singleElement()
          .satisfies(sample -> assertThat(sample.value()).isEqualTo(1));
    }
  }

  @Test
  void anInvalidFileChangesNothingAndSaysWhy() throws Exception {
    try (WebServer server = WebServer.start(WebServer.Kind.NGINX, folder);
        Sonde sonde = Sonde.configured(folder, Map.of(), selecting(server))) {
      change("discovery.open_port = \"1\"\nnonsense = 7\n");
      hangUp(sonde);
      awaitSaid(sonde, "the configuration is not valid, nothing is changed");
      assertThat(sonde.program().errors()).contains("sonde.conf: 3: unknown key nonsense");

      Http.get(server.url("/still"));
      sonde.awaitTraces(1, trace -> trace.path().equals("/still"));
      assertThat(sonde.metrics().named("sonde_config_last_reload_successful"))
          .singleElement()
          .satisfies(sample -> assertThat(sample.value()).isZero());
    }
  }

  private static String selecting(WebServer server) {
    return "discovery.open_port = \"" + server.port() + "\"\n";
  }

  private void change(String configuration) throws IOException {
    Files.writeString(
        folder.resolve("sonde.conf"),
        "receiver.socket = \"" + Sonde.socket(folder) + "\"\n" + configuration);
  }

  private void hangUp(Sonde sonde) {
    Program.run(folder, "kill", "-HUP", Long.toString(sonde.program().pid()));
  }

  private static void awaitSaid(Sonde sonde, String what) {
    await(what)
        .atMost(Duration.ofSeconds(30))
        .failFast("Sonde ended", () -> !sonde.program().isAlive())
        .until(() -> sonde.program().errors().contains(what));
  }
}
