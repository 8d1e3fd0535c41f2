package io.sonde.pipeline.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.semconv.ServiceAttributes;
import io.sonde.pipeline.event.CaptureStarted;
import io.sonde.pipeline.event.ProcessStarted;
import io.sonde.pipeline.identity.ServiceOverrides.Export;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class ServiceOverridesTest {
  private static final ServiceOverrides FIRST =
      new ServiceOverrides(
          Optional.of("first"),
          Optional.of("shop"),
          Optional.of(Set.of(Export.TRACES)),
          Optional.of(new SamplerSetting(SamplerSetting.Name.TRACEIDRATIO, 0.5)),
          Optional.empty(),
          Optional.empty());
  private static final ServiceOverrides SECOND =
      new ServiceOverrides(
          Optional.of("second"),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
  private static final ServiceOverrides SILENT =
      new ServiceOverrides(
          Optional.empty(),
          Optional.empty(),
          Optional.of(Set.of()),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  private final ServiceFactory factory =
      new ServiceFactory(
          Optional.of("all"),
          Map.of(),
          Map.of("a#1", FIRST, "b#2", SECOND, "c#3", SILENT, "d#4", ServiceOverrides.NONE),
          new SdkCoexistence(SdkCoexistence.Settings.DEFAULT));

  @Test
  void aRuleNamesTheServicesThatItSelects() {
    Service service = selectedBy("a#1");

    assertThat(service.name()).isEqualTo("first");
    assertThat(service.namespace()).isEqualTo("shop");
    assertThat(service.resource().getAttribute(ServiceAttributes.SERVICE_NAMESPACE))
        .isEqualTo("shop");
    assertThat(service.overrides().exports(Export.TRACES)).isTrue();
    assertThat(service.overrides().exports(Export.METRICS)).isFalse();
  }

  @Test
  void ofSeveralRulesEachSettingIsTakenFromTheLastThatHasIt() {
    Service service = selectedBy("a#1", "b#2", "d#4");

    assertThat(service.name()).isEqualTo("second");
    assertThat(service.namespace()).isEqualTo("shop");
    assertThat(service.overrides().exports()).contains(Set.of(Export.TRACES));
    assertThat(service.overrides().sampler()).isEqualTo(FIRST.sampler());
  }

  @Test
  void anEmptyListOfExportsIsNotTheSameAsNone() {
    assertThat(selectedBy("c#3").overrides().exports(Export.TRACES)).isFalse();
    assertThat(selectedBy("d#4").overrides().exports(Export.TRACES)).isTrue();
  }

  @Test
  void aRuleWithoutANameLeavesTheOneOfAllServices() {
    assertThat(selectedBy("d#4").name()).isEqualTo("all");
    assertThat(selectedBy().name()).isEqualTo("all");
  }

  @Test
  void aRuleOfAnotherConfigurationIsToldOnceAndChangesNothing() {
    List<String> told = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord entry) {
            told.add(String.valueOf(entry.getParameters()[0]));
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger(OverridesByRule.class.getName());
    logger.addHandler(handler);
    try {
      assertThat(selectedBy("a#other", "b#2").name()).isEqualTo("second");
      assertThat(selectedBy("a#other").name()).isEqualTo("all");
    } finally {
      logger.removeHandler(handler);
    }
    assertThat(told).containsExactly("a#other");
  }

  private Service selectedBy(String... rules) {
    return factory.create(
        new CaptureStarted("ab", "web1", "4f6e", "", "6.18.0", 0, List.of()),
        new ProcessStarted(
            1, 1, 1, 0, 1, "/bin/a", List.of(), "", "", "", "", 1, Map.of(), List.of(rules)));
  }
}
