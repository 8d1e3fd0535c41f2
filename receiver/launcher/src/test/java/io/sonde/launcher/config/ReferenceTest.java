package io.sonde.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReferenceTest {
  private static final Path SHIPPED = Path.of("src/main/conf/sonde.conf");

  @TempDir Path dir;

  @Test
  void theShippedFileIsWhatTheListOfOptionsPrints() {
    assertThat(SHIPPED)
        .as("refresh it: bin/sonde reference > receiver/launcher/%s", SHIPPED)
        .hasContent(Reference.text());
  }

  @Test
  void readingTheShippedFileSetsEveryOptionToItsDefault() {
    List<String> problems = new ArrayList<>();
    Map<String, Object> read =
        ConfigFile.read(SHIPPED, problems).entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().unwrapped()));

    assertThat(problems).isEmpty();
    assertThat(read)
        .isEqualTo(
            Options.ALL.stream()
                .collect(
                    Collectors.toMap(
                        Option::key, option -> ConfigReader.defaultOf(option).unwrapped())));
  }

  @Test
  void everyDefaultIsAValueOfItsType() {
    assertThat(Options.ALL)
        .allSatisfy(
            option -> {
              ConfigValue value = ConfigReader.defaultOf(option);
              option.type().reader().read(value);
            });
  }

  @Test
  void everyExampleIsAValueOfItsType() {
    assertThat(Options.ALL)
        .filteredOn(option -> !option.example().isEmpty())
        .isNotEmpty()
        .allSatisfy(
            option -> {
              ConfigValue value =
                  ConfigFactory.parseString(option.example()).getValue(option.name());
              option.type().reader().read(value);
            });
  }

  @Test
  void theListHasEveryOptionThatIsDeclared() {
    assertThat(Options.ALL).doesNotHaveDuplicates();
    assertThat(Options.class.getDeclaredFields())
        .filteredOn(field -> field.getType() == Option.class)
        .allSatisfy(field -> assertThat(Options.ALL).contains((Option<?>) field.get(null)));
  }

  @Test
  void theShippedFileWithTheTwoNecessaryKeysIsAConfiguration() throws Exception {
    Path file =
        Files.writeString(
            dir.resolve("c.conf"),
            Files.readString(SHIPPED)
                .replace("open_port = \"\"", "open_port = 80")
                .replace("trace_printer = disabled", "trace_printer = text"));
    List<String> warnings = new ArrayList<>();
    assertThat(ConfigReader.read(file, null, Map.of(), warnings).selection().instrument())
        .singleElement()
        .returns(Map.of("open_ports", "80"), SondeConfig.Rule::criteria);
    assertThat(warnings).isEmpty();
  }
}
