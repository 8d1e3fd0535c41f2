package io.sonde.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sonde.pipeline.PipelineConfig;
import io.sonde.pipeline.identity.RouteOverrides;
import io.sonde.pipeline.identity.RouteSettings;
import io.sonde.pipeline.identity.RouteSettings.IgnoreMode;
import io.sonde.pipeline.identity.RouteSettings.Unmatched;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoutesOptionsTest {
  @TempDir Path folder;

  @Test
  void theDefaultIsBeylas() throws Exception {
    PipelineConfig.Routes routes = read("", Map.of()).pipeline().routes();

    assertThat(routes.settings()).isEqualTo(RouteSettings.DEFAULT);
    assertThat(routes.stateDirectory()).isEmpty();
  }

  @Test
  void everyKeyOfTheSectionIsRead() throws Exception {
    String section =
        """
        routes {
          patterns = ["/user/{id}", "/static/*"]
          ignored_patterns = ["/health"]
          ignore_mode = traces
          unmatched = heuristic
          wildcard_char = "?"
          max_path_segment_cardinality = 25
          state_directory = /var/lib/elsewhere
        }
        """;
    PipelineConfig.Routes routes = read(section, Map.of()).pipeline().routes();

    List<String> patterns = List.of("/user/{id}", "/static/*");
    assertThat(routes.settings())
        .isEqualTo(
            new RouteSettings(
                patterns,
                patterns,
                List.of("/health"),
                IgnoreMode.TRACES,
                Unmatched.HEURISTIC,
                '?',
                25));
    assertThat(routes.stateDirectory()).contains(Path.of("/var/lib/elsewhere"));
  }

  @Test
  void whatIsLearnedIsKeptWhereSystemdSaysUnlessTheFileSaysWhere() throws Exception {
    Map<String, String> unit = Map.of("STATE_DIRECTORY", "/var/lib/sonde:/var/lib/more");

    assertThat(read("", unit).pipeline().routes().stateDirectory())
        .contains(Path.of("/var/lib/sonde"));
    assertThat(read("routes.state_directory = /srv/x", unit).pipeline().routes().stateDirectory())
        .contains(Path.of("/srv/x"));
  }

  @Test
  void anEntryOfDiscoveryMayHaveRoutesOfItsOwn() throws Exception {
    String entries =
        """
        discovery.instrument = [
          { open_ports = 80, routes { incoming = ["/in/:id"], patterns = ["/x"], unmatched = unset } }
          { open_ports = 81 }
        ]
        """;
    List<Optional<RouteOverrides>> overrides =
        read(entries, Map.of()).pipeline().overrides().values().stream()
            .map(own -> own.routes())
            .toList();

    assertThat(overrides)
        .containsOnly(
            Optional.empty(),
            Optional.of(
                new RouteOverrides(
                    List.of("/in/:id", "/x"),
                    List.of("/x"),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(Unmatched.UNSET),
                    Optional.empty(),
                    Optional.empty())));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "routes.patterns = [\"user/{id}\"]",
        "routes.ignored_patterns = [\"/a/**\"]",
        "routes.unmatched = low_cardinality",
        "routes.wildcard_char = \"**\"",
        "routes.max_path_segment_cardinality = 0",
        "limits.routes_per_service = 0"
      })
  void whatCannotBeMeantIsRefusedByItsKey(String line) {
    assertThatThrownBy(() -> read(line, Map.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(line.substring(0, line.indexOf(' ')));
  }

  private SondeConfig read(String text, Map<String, String> variables)
      throws IOException, ConfigurationException {
    String exporter = "trace_printer = text\ndiscovery.open_port = 80\n";
    Path file = Files.writeString(folder.resolve("sonde.conf"), exporter + text);
    return ConfigReader.read(file, null, variables, new ArrayList<>());
  }
}
