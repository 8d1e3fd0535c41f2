package io.sonde.pipeline.linking;

import static io.sonde.pipeline.exchange.HttpExchanges.MS;
import static io.sonde.pipeline.exchange.HttpExchanges.exchange;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.sonde.pipeline.accounting.ReceiverAccount;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.HttpExchanges;
import io.sonde.pipeline.identity.SamplerSetting;
import io.sonde.pipeline.identity.SamplerSetting.Name;
import io.sonde.pipeline.identity.ServiceOverrides;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SamplingTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";
  private static final String SAMPLED = "00-" + TRACE + "-" + SPAN + "-01";
  private static final String UNSAMPLED = "00-" + TRACE + "-" + SPAN + "-00";

  private static Trace linked(SamplerSetting sampler, HttpExchanges exchange) {
    List<Trace> traces = new ArrayList<>();
    Linkers.to(Duration.ofMillis(1), sampler, traces::add).accept(exchange.build());
    assertThat(traces).hasSize(1);
    return traces.get(0);
  }

  private static boolean samples(Name name, String traceParent) {
    return linked(new SamplerSetting(name, 0), exchange().trace(traceParent, null)).sampled();
  }

  @Test
  void aServersParentIsTheSpanOfItsHeader() {
    Trace trace = linked(SamplerSetting.DEFAULT, exchange().trace(SAMPLED, "rojo=1,congo=2"));
    assertThat(trace.traceId()).isEqualTo(TRACE);
    assertThat(trace.parentSpanId()).isEqualTo(SPAN);
    assertThat(trace.parent().isRemote()).isTrue();
    assertThat(trace.spanId()).isNotEqualTo(SPAN);
    assertThat(List.copyOf(trace.context().getTraceState().asMap().entrySet()))
        .containsExactly(Map.entry("rojo", "1"), Map.entry("congo", "2"));
  }

  @Test
  void aClientsHeaderNamesItsParentAndNeverItself() {
    Trace trace = linked(SamplerSetting.DEFAULT, exchange().role(Role.CLIENT).trace(SAMPLED, null));
    assertThat(trace.traceId()).isEqualTo(TRACE);
    assertThat(trace.parentSpanId()).isEqualTo(SPAN);
    assertThat(trace.spanId()).isNotEqualTo(SPAN);
  }

  @Test
  void anInvalidHeaderIsAsNone() {
    Trace trace = linked(SamplerSetting.DEFAULT, exchange().trace(SAMPLED + "-", "rojo=1"));
    assertThat(trace.traceId()).isNotEqualTo(TRACE);
    assertThat(trace.parent()).isEqualTo(SpanContext.getInvalid());
    assertThat(trace.context().getTraceState().isEmpty()).isTrue();
  }

  @Test
  void ofAServiceOfWhichOnlyMetricsAreToBeExportedNoTraceIsSampled() {
    ServiceOverrides metricsOnly =
        new ServiceOverrides(
            Optional.empty(),
            Optional.empty(),
            Optional.of(Set.of(ServiceOverrides.Export.METRICS)),
            Optional.of(new SamplerSetting(Name.ALWAYS_ON, 1)),
            Optional.empty(),
            Optional.empty());

    assertThat(
            linked(
                    SamplerSetting.DEFAULT,
                    exchange()
                        .by(HttpExchanges.service("shop", 1, metricsOnly))
                        .trace(SAMPLED, null))
                .sampled())
        .isFalse();
  }

  @Test
  void eachSamplerDecidesAsItsNameSays() {
    assertThat(samples(Name.ALWAYS_ON, null)).isTrue();
    assertThat(samples(Name.ALWAYS_ON, UNSAMPLED)).isTrue();
    assertThat(samples(Name.ALWAYS_OFF, null)).isFalse();
    assertThat(samples(Name.ALWAYS_OFF, SAMPLED)).isFalse();
    assertThat(samples(Name.TRACEIDRATIO, null)).isFalse();
    assertThat(samples(Name.TRACEIDRATIO, SAMPLED)).isFalse();
    assertThat(samples(Name.PARENTBASED_ALWAYS_ON, null)).isTrue();
    assertThat(samples(Name.PARENTBASED_ALWAYS_ON, SAMPLED)).isTrue();
    assertThat(samples(Name.PARENTBASED_ALWAYS_ON, UNSAMPLED)).isFalse();
    assertThat(samples(Name.PARENTBASED_ALWAYS_OFF, null)).isFalse();
    assertThat(samples(Name.PARENTBASED_ALWAYS_OFF, SAMPLED)).isTrue();
    assertThat(samples(Name.PARENTBASED_TRACEIDRATIO, null)).isFalse();
    assertThat(samples(Name.PARENTBASED_TRACEIDRATIO, SAMPLED)).isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      value = Name.class,
      names = {"TRACEIDRATIO", "PARENTBASED_TRACEIDRATIO"})
  void aRatioKeepsTheSameTracesAsASdkInTheProgram(Name name) {
    SamplerSetting setting = new SamplerSetting(name, 0.3);
    Sampler sdk =
        name == Name.TRACEIDRATIO
            ? Sampler.traceIdRatioBased(0.3)
            : Sampler.parentBased(Sampler.traceIdRatioBased(0.3));
    Traces traces = new Traces(Duration.ofSeconds(1), setting);
    int kept = 0;
    List<String> ids = new ArrayList<>();
    try (SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .setSampler(sdk)
            .addSpanProcessor(SimpleSpanProcessor.create(SpanExporter.composite()))
            .setIdGenerator(new GivenIds(ids))
            .build()) {
      for (int i = 0; i < 10_000; i++) {
        SpanContext ours = traces.of(exchange().build(), SpanContext.getInvalid()).context();
        ids.add(ours.getTraceId());
        SpanContext theirs =
            provider
                .get("test")
                .spanBuilder("GET")
                .setSpanKind(SpanKind.SERVER)
                .setParent(Context.root())
                .startSpan()
                .getSpanContext();
        assertThat(theirs.getTraceId()).isEqualTo(ours.getTraceId());
        assertThat(ours.isSampled()).isEqualTo(theirs.isSampled());
        kept += ours.isSampled() ? 1 : 0;
      }
    }
    assertThat(kept).isBetween(2_700, 3_300);
  }

  @Test
  void aServiceMayHaveASamplerOfItsOwn() {
    ServiceOverrides never =
        new ServiceOverrides(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(new SamplerSetting(Name.ALWAYS_OFF, 1)),
            Optional.empty(),
            Optional.empty());
    HttpExchanges quiet = exchange().by(HttpExchanges.service("quiet", 43, never));
    assertThat(linked(SamplerSetting.DEFAULT, quiet).sampled()).isFalse();
    assertThat(linked(SamplerSetting.DEFAULT, exchange()).sampled()).isTrue();
  }

  @Test
  void childSpansAreSampledAsTheirParentIs() {
    for (String header : List.of(SAMPLED, UNSAMPLED)) {
      Trace trace = linked(SamplerSetting.DEFAULT, exchange().queued(MS).trace(header, "a=1"));
      List<SpanData> spans = new ArrayList<>();
      Spans.of(trace, spans::add);
      assertThat(spans).hasSize(3);
      assertThat(spans)
          .allMatch(span -> span.getSpanContext().isSampled() == header.equals(SAMPLED))
          .allMatch(span -> "1".equals(span.getSpanContext().getTraceState().get("a")))
          .allMatch(span -> span.getTraceId().equals(TRACE));
      assertThat(spans.get(0).getParentSpanId()).isEqualTo(SPAN);
      assertThat(spans.get(2).getParentSpanId()).isEqualTo(trace.spanId());
    }
  }

  @Test
  void theFlagThatSpeaksOfTheTraceIdIsPassedOn() {
    String random = "00-" + TRACE + "-" + SPAN + "-02";
    assertThat(
            linked(new SamplerSetting(Name.ALWAYS_ON, 0), exchange().trace(random, null))
                .context()
                .getTraceFlags()
                .asHex())
        .isEqualTo("03");
  }

  @Test
  void unsampledSpansGoToThePrinterOnlyAndCountAsSampledOut() {
    ReceiverAccount account = new ReceiverAccount();
    List<Trace> exported = new ArrayList<>();
    List<Trace> printed = new ArrayList<>();
    TraceSink printer =
        new TraceSink() {
          @Override
          public boolean accept(Trace trace) {
            return printed.add(trace);
          }

          @Override
          public boolean takesUnsampled() {
            return true;
          }
        };
    Handover handover = new Handover(List.of(exported::add, printer), account);
    Linker linker = Linkers.to(Duration.ofMillis(1), handover);
    linker.accept(exchange().queued(MS).trace(UNSAMPLED, null).build());
    linker.accept(exchange().queued(0).trace(SAMPLED, null).build());
    assertThat(exported).extracting(Trace::sampled).containsExactly(true);
    assertThat(printed).extracting(Trace::sampled).containsExactly(false, true);
    assertThat(account.sampledOutTotal()).isEqualTo(3);
    assertThat(account.acceptedTotal()).isEqualTo(1);
    assertThat(account.refusedTotal() + account.failedTotal()).isZero();
  }
}
