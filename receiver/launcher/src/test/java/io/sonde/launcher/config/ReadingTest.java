package io.sonde.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sonde.pipeline.PipelineConfig.TracePrinter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadingTest {
  private static final String FIRST =
      """
      discovery.open_port = "80"
      trace_printer = text
      prometheus_export.port = 9100
      otel_traces_export.endpoint = "http://a:4318/v1/traces"
      """;

  @TempDir Path folder;

  @Test
  void theSameFileChangesNothing() throws Exception {
    Reading.Change change = read(FIRST).to(read(FIRST));
    assertThat(change.applied()).isEmpty();
    assertThat(change.waiting()).isEmpty();
    assertThat(change.taken().config()).isEqualTo(read(FIRST).config());
  }

  @Test
  void whatCanChangeIsTakenAndTheRestStaysAsItWas() throws Exception {
    Reading.Change change =
        read(FIRST)
            .to(
                read(
                    """
                    discovery.open_port = "81"
                    trace_printer = json
                    prometheus_export.port = 9200
                    otel_traces_export.endpoint = "http://b:4318/v1/traces"
                    otel_export.queue.max_bytes = "1MiB"
                    capture.ring_bytes = 65536
                    receiver.socket = "/elsewhere.sock"
                    log_level = debug
                    """));
    assertThat(change.applied())
        .containsExactlyInAnyOrder(
            "discovery.open_port",
            "trace_printer",
            "prometheus_export.port",
            "otel_traces_export.endpoint",
            "log_level");
    assertThat(change.waiting())
        .containsExactlyInAnyOrder(
            "otel_export.queue.max_bytes", "capture.ring_bytes", "receiver.socket");
    SondeConfig taken = change.taken().config();
    assertThat(taken.pipeline().tracePrinter()).isEqualTo(TracePrinter.JSON);
    assertThat(taken.pipeline().prometheus().orElseThrow().port()).isEqualTo(9200);
    assertThat(taken.pipeline().otlpTraces().orElseThrow().endpoint().toString())
        .contains("b:4318");
    assertThat(taken.pipeline().otlpTraces().orElseThrow().queue())
        .isEqualTo(read(FIRST).config().pipeline().otlpTraces().orElseThrow().queue());
    assertThat(taken.capture()).isEqualTo(read(FIRST).config().capture());
    assertThat(taken.receiver()).isEqualTo(read(FIRST).config().receiver());
  }

  @Test
  void anOutputIsNeitherAddedNorTakenAway() throws Exception {
    Reading.Change change =
        read(FIRST)
            .to(
                read(
                    """
                    discovery.open_port = "80"
                    trace_printer = text
                    health_check.port = 13134
                    """));
    assertThat(change.applied()).isEmpty();
    assertThat(change.waiting())
        .containsExactlyInAnyOrder(
            "prometheus_export.port", "otel_traces_export.endpoint", "health_check.port");
    assertThat(change.taken().config()).isEqualTo(read(FIRST).config());
  }

  @Test
  void whatIsValidOnlyWithWhatCannotChangeIsRefused() throws Exception {
    Reading first = read("discovery.open_port = \"80\"\ntrace_printer = text\n");
    Reading later = read("discovery.open_port = \"80\"\nprometheus_export.port = 9100\n");
    assertThatThrownBy(() -> first.to(later))
        .isInstanceOfSatisfying(
            ConfigurationException.class,
            e -> assertThat(e.problems()).singleElement().asString().contains("one exporter"));
  }

  private Reading read(String text) throws IOException, ConfigurationException {
    Path file = Files.writeString(folder.resolve("sonde.conf"), text);
    return ConfigReader.reading(file, null, Map.of(), EnumSet.allOf(Half.class), new ArrayList<>());
  }
}
