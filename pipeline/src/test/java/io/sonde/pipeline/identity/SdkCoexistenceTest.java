package io.sonde.pipeline.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.event.CaptureStarted;
import io.sonde.pipeline.event.ProcessExited;
import io.sonde.pipeline.event.ProcessStarted;
import io.sonde.pipeline.identity.SdkCoexistence.Evidence;
import io.sonde.pipeline.identity.ServiceOverrides.Export;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SdkCoexistenceTest {
  private static final int PID = 7;

  private SdkCoexistence coexistence = new SdkCoexistence(SdkCoexistence.Settings.DEFAULT);
  private Services services = services("capture1");

  @Test
  void aDecisionHoldsAsLongAsTheProcessLivesWhoeverTellsOfIt() {
    services.started(process(1, "/srv/shop", Map.of()));
    export();

    Services again = services("capture2");
    again.started(process(1, "/srv/shop", Map.of("OTEL_SERVICE_NAME", "renamed")));

    assertThat(again.find(PID).withheld(Export.TRACES)).isEqualTo(LossCause.TOLD_BY_SDK);
  }

  @Test
  void theNextProcessOfThePidIsToldOfAgain() {
    services.started(process(1, "/srv/shop", Map.of()));
    export();
    services.exited(new ProcessExited(PID, 1, 9));
    assertThat(coexistence.decisions()).isEmpty();

    services.started(process(2, "/srv/shop", Map.of()));
    assertThat(services.find(PID).withheld(Export.TRACES)).isNull();
  }

  @Test
  void theNextProgramOfTheProcessIsToldOfAgain() {
    services.started(process(1, "/usr/bin/wrapper", Map.of()));
    export();
    services.started(process(1, "/srv/shop", Map.of()));

    assertThat(services.find(PID).withheld(Export.TRACES)).isNull();
  }

  @Test
  void nothingIsDecidedWhereBothAreWanted() {
    coexistence = new SdkCoexistence(new SdkCoexistence.Settings(false, 4317));
    services = services("capture1");
    services.started(process(1, "/srv/shop", Map.of()));
    export();
    coexistence.callsOverGrpc(services.find(PID), 4317);

    assertThat(services.find(PID).withheld(Export.TRACES)).isNull();
    assertThat(coexistence.decisions()).isEmpty();
  }

  @Test
  void decisionsAreKeptToABound() {
    for (int pid = 1; pid <= SdkCoexistence.MAX_INSTANCES + 1; pid++) {
      Service service = new Service("s", "", "", "h", pid, null, ServiceOverrides.NONE);
      coexistence.exports(service, Export.TRACES, Evidence.HTTP_EXPORT);
    }
    assertThat(coexistence.decisions()).hasSize(SdkCoexistence.MAX_INSTANCES);
  }

  /** The variables without {@code OTEL_} and, of exporters, {@code EXPORTER_OTLP_}. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          -                                                  | 4317 | METRICS TRACES
          -                                                  | 8080 |
          PROTOCOL=grpc                                      | 4317 | METRICS TRACES
          PROTOCOL=http/protobuf                             | 4317 |
          TRACES_PROTOCOL=http/protobuf                      | 4317 | METRICS
          PROTOCOL=http/protobuf METRICS_PROTOCOL=grpc       | 4317 | METRICS
          METRICS_EXPORTER=none                              | 4317 | TRACES
          METRICS_EXPORTER=prometheus TRACES_EXPORTER=otlp,console | 4317 | TRACES
          ENDPOINT=http://collector:9317                     | 9317 | METRICS TRACES
          ENDPOINT=http://collector:9317                     | 4317 |
          ENDPOINT=http://a:1 TRACES_ENDPOINT=http://b:2     | 2    | TRACES
          ENDPOINT=http://collector                          | 4317 | METRICS TRACES
          ENDPOINT=%%%                                       | 4317 | METRICS TRACES
          """)
  void overGrpcTheSignalIsToldByTheSettingsOfTheProcess(
      String settings, int port, String expected) {
    services.started(process(1, "/srv/shop", environment(settings)));
    coexistence.callsOverGrpc(services.find(PID), port);

    Map<Export, Evidence> decided = new TreeMap<>();
    coexistence.decisions().forEach(one -> decided.put(one.signal(), one.evidence()));
    assertThat(decided.values()).allMatch(Evidence.GRPC_PORT::equals);
    assertThat(decided.keySet().stream().map(Enum::name))
        .containsExactlyInAnyOrder(expected == null ? new String[0] : expected.split(" "));
  }

  private void export() {
    coexistence.exports(services.find(PID), Export.TRACES, Evidence.HTTP_EXPORT);
  }

  private static Map<String, String> environment(String settings) {
    Map<String, String> environment = new TreeMap<>();
    for (String setting : settings == null ? new String[0] : settings.split(" ")) {
      String[] pair = setting.split("=", 2);
      String prefix = pair[0].endsWith("EXPORTER") ? "OTEL_" : "OTEL_EXPORTER_OTLP_";
      environment.put(prefix + pair[0], pair[1]);
    }
    return environment;
  }

  private Services services(String capture) {
    CaptureStarted host = new CaptureStarted(capture, "web1", "m", "boot", "6.18.0", 0, List.of());
    return new Services(
        host, new ServiceFactory(Optional.empty(), Map.of(), Map.of(), coexistence));
  }

  private static ProcessStarted process(
      long startNs, String executable, Map<String, String> environment) {
    return new ProcessStarted(
        PID, startNs, 1, 0, PID, executable, List.of(), "/", "", "", "", 1, environment, List.of());
  }
}
