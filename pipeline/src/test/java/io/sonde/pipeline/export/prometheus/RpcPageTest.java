package io.sonde.pipeline.export.prometheus;

import static io.sonde.pipeline.exchange.RpcExchanges.call;
import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.sonde.pipeline.MetricsConfig;
import io.sonde.pipeline.Naming;
import io.sonde.pipeline.Naming.Rpc;
import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.accounting.Folding;
import io.sonde.pipeline.metrics.MetricStore;
import io.sonde.pipeline.metrics.Observed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RpcPageTest {
  private static List<String> page(Rpc... names) throws IOException {
    MetricsConfig config = MetricsConfig.DEFAULT.withNaming(new Naming(false, Set.of(names)));
    MetricStore store = new MetricStore(100, config, new Account("metrics"), new Folding());
    store.accept(call().by(Observed.service("shop", 42)).status(5).messages(1, 3).build());
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    PrometheusTextFormatWriter.create()
        .write(
            page,
            new MetricSnapshots(ServicePage.snapshots(store.collect(2_000_000_000_000_000_000L))),
            EscapingScheme.UNDERSCORE_ESCAPING);
    return page.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void callsHaveTheNamesThatBeylaGivesThem() throws IOException {
    String labels =
        "instance=\"web1:42\",job=\"shop\",rpc_method=\"shop.Cart/Add\","
            + "rpc_response_status_code=\"NOT_FOUND\",rpc_system_name=\"grpc\","
            + "server_address=\"shop.example\",server_port=\"50051\",service_name=\"shop\"";
    assertThat(page(Rpc.RC))
        .contains(
            "# HELP rpc_server_call_duration_seconds Duration of an incoming remote procedure"
                + " call, a stream as a whole.",
            "# TYPE rpc_server_call_duration_seconds histogram",
            "rpc_server_call_duration_seconds_count{" + labels + "} 1");
  }

  @Test
  void andThoseThatItsDashboardsAskFor() throws IOException {
    List<String> page = page(Rpc.LEGACY);
    assertThat(page)
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("rpc_server_duration_seconds_count{")
                    .contains("rpc_grpc_status_code=\"5\"")
                    .contains("rpc_method=\"shop.Cart/Add\"")
                    .contains("rpc_system=\"grpc\"")
                    .endsWith(" 1"))
        .anySatisfy(
            line ->
                assertThat(line).startsWith("rpc_server_responses_per_rpc_sum{").endsWith(" 3.0"))
        .noneMatch(line -> line.contains("_bytes"));
  }
}
