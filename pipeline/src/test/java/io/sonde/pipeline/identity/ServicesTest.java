package io.sonde.pipeline.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.sonde.pipeline.event.CaptureStarted;
import io.sonde.pipeline.event.ProcessExited;
import io.sonde.pipeline.event.ProcessStarted;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ServicesTest {
  private static final CaptureStarted HOST =
      new CaptureStarted("ab", "web1", "4f6e", "", "6.18.0", 0, List.of());

  private final Services services =
      new Services(
          HOST,
          new ServiceFactory(
              Optional.empty(),
              Map.of("deployment.zone", "b"),
              Map.of(),
              new SdkCoexistence(SdkCoexistence.Settings.DEFAULT)));

  @Test
  void theResourceSaysWhoWasObservedWhereAndByWhom() {
    services.started(process(12, 1, "/usr/bin/python3.11", Map.of()));

    Service service = services.find(12);
    assertThat(service.name()).isEqualTo("python3.11");
    assertThat(service.instanceId()).isEqualTo("web1:12");
    assertThat(service.resource().getAttributes().asMap())
        .containsOnly(
            Map.entry(AttributeKey.stringKey("service.name"), "python3.11"),
            Map.entry(AttributeKey.stringKey("service.instance.id"), "web1:12"),
            Map.entry(AttributeKey.stringKey("telemetry.sdk.name"), "sonde"),
            Map.entry(AttributeKey.stringKey("telemetry.distro.name"), "sonde"),
            Map.entry(AttributeKey.stringKey("telemetry.sdk.language"), "python"),
            Map.entry(AttributeKey.stringKey("host.name"), "web1"),
            Map.entry(AttributeKey.stringKey("host.id"), "4f6e"),
            Map.entry(AttributeKey.stringKey("os.type"), "linux"),
            Map.entry(AttributeKey.longKey("process.pid"), 12L),
            Map.entry(AttributeKey.stringKey("process.executable.name"), "python3.11"),
            Map.entry(AttributeKey.stringKey("process.executable.path"), "/usr/bin/python3.11"),
            Map.entry(AttributeKey.stringKey("container.id"), "c0ffee"),
            Map.entry(AttributeKey.stringKey("deployment.zone"), "b"));
  }

  @Test
  void theProcessNamesItselfByItsEnvironment() {
    services.started(
        process(
            1,
            1,
            "/bin/a",
            Map.of(
                "OTEL_SERVICE_NAME",
                "shop",
                "OTEL_RESOURCE_ATTRIBUTES",
                "service.name=other,service.namespace=retail,deployment.zone=c%20d")));
    services.started(
        process(2, 1, "/bin/b", Map.of("OTEL_RESOURCE_ATTRIBUTES", "service.name=other")));

    Service shop = services.find(1);
    assertThat(shop.name()).isEqualTo("shop");
    assertThat(shop.namespace()).isEqualTo("retail");
    assertThat(shop.resource().getAttribute(AttributeKey.stringKey("deployment.zone")))
        .isEqualTo("c d");
    assertThat(services.find(2).name()).isEqualTo("other");
  }

  @Test
  void aJavaProgramIsAsItsSystemPropertiesSayAsForItsSdk() {
    List<String> arguments =
        List.of(
            "java",
            "-Dotel.service.name=shop",
            "-Dotel.resource.attributes=service.namespace=retail",
            "-jar",
            "other.jar");
    services.started(process(1, arguments, "java", Map.of("OTEL_SERVICE_NAME", "less")));
    services.started(process(2, arguments, "", Map.of()));

    assertThat(services.find(1).name()).isEqualTo("shop");
    assertThat(services.find(1).namespace()).isEqualTo("retail");
    assertThat(services.find(2).name()).isEqualTo("other");
  }

  @Test
  void nothingOfTheCommandLineIsToldButItsName() {
    services.started(process(1, List.of("java", "-jar", "shop.jar", "--password=x"), "", Map.of()));

    assertThat(services.find(1).resource().getAttributes().asMap().values())
        .contains("shop")
        .noneMatch(value -> value.toString().contains("password"));
  }

  @Test
  void aPodIsKnownByItsUid() {
    services.started(process(1, List.of("java"), "java", Map.of()));

    assertThat(services.find(1).resource().getAttribute(AttributeKey.stringKey("k8s.pod.uid")))
        .isEqualTo("0c4f8d3a-9a3e-4b6e-8d5c-2f1e7a6b5c4d");
  }

  @Test
  void aProcessGivesItselfABoundedNumberOfAttributes() {
    String many =
        IntStream.range(0, 1000).mapToObj(i -> "a" + i + "=b").collect(Collectors.joining(","));
    services.started(process(1, 1, "/bin/a", Map.of("OTEL_RESOURCE_ATTRIBUTES", many)));

    assertThat(services.find(1).resource().getAttributes().size())
        .isLessThan(ServiceFactory.MAX_OWN_ATTRIBUTES + 20);
  }

  @Test
  void aConfiguredNameOverridesAllOthers() {
    Services named =
        new Services(
            HOST,
            new ServiceFactory(
                Optional.of("all"),
                Map.of(),
                Map.of(),
                new SdkCoexistence(SdkCoexistence.Settings.DEFAULT)));
    named.started(process(1, 1, "/bin/a", Map.of("OTEL_SERVICE_NAME", "shop")));
    assertThat(named.find(1).name()).isEqualTo("all");
  }

  @Test
  void aProcessWithoutAnythingToNameItIsAnUnknownService() {
    services.started(process(1, 1, "", Map.of()));
    assertThat(services.find(1).name()).isEqualTo("unknown_service");
  }

  @Test
  void theSameFactsKeepTheObjectAndAnExecReplacesIt() {
    services.started(process(1, 1, "/bin/sh", Map.of()));
    Service shell = services.find(1);
    services.started(process(1, 1, "/bin/sh", Map.of()));
    assertThat(services.find(1)).isSameAs(shell);

    services.started(process(1, 1, "/usr/sbin/nginx", Map.of()));
    assertThat(services.find(1).name()).isEqualTo("nginx");
  }

  @Test
  void theExitOfAnEarlierProcessLeavesTheOneThatReusesItsPid() {
    services.started(process(1, 1, "/bin/a", Map.of()));
    services.started(process(1, 2, "/bin/b", Map.of()));
    services.exited(new ProcessExited(1, 1, 9));
    assertThat(services.find(1).name()).isEqualTo("b");
    services.exited(new ProcessExited(1, 2, 9));
    assertThat(services.find(1)).isNull();
  }

  @Test
  void processesAreKeptToABound() {
    for (int pid = 1; pid <= Services.MAX_PROCESSES + 1; pid++) {
      services.started(process(pid, 1, "/bin/a", Map.of()));
    }
    assertThat(services.find(1)).isNull();
    assertThat(services.find(2)).isNotNull();
  }

  @Test
  void longNamesAreCut() {
    services.started(process(1, 1, "/bin/a", Map.of("OTEL_SERVICE_NAME", "x".repeat(100_000))));
    assertThat(services.find(1).name()).hasSize(ServiceFactory.MAX_VALUE_LENGTH);
  }

  private static ProcessStarted process(
      int pid, List<String> arguments, String language, Map<String, String> environment) {
    return new ProcessStarted(
        pid,
        1,
        1,
        0,
        pid,
        "/usr/bin/java",
        arguments,
        "/",
        language,
        "",
        "0c4f8d3a-9a3e-4b6e-8d5c-2f1e7a6b5c4d",
        1,
        environment,
        List.of());
  }

  private static ProcessStarted process(
      int pid, long startNs, String executable, Map<String, String> environment) {
    return new ProcessStarted(
        pid,
        startNs,
        1,
        0,
        pid,
        executable,
        List.of(),
        "/srv",
        "python",
        "c0ffee",
        "",
        1,
        environment,
        List.of());
  }
}
