package io.sonde.pipeline.export.otlp;

import static io.sonde.pipeline.exchange.HttpExchanges.exchange;
import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.pipeline.PipelineConfig.SpanBatches;
import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.accounting.ExporterStatus;
import io.sonde.pipeline.accounting.ReceiverAccount;
import io.sonde.pipeline.linking.Handover;
import io.sonde.pipeline.linking.Linker;
import io.sonde.pipeline.linking.Linkers;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the receiver hands over is what the exporter tells of, to the span. */
class ReceiverIdentityTest {
  private static final int EXCHANGES = 3001;
  private static final int SPANS_EACH = 3;

  @Test
  void acceptedAreSentFailedAndNeverOffered() throws Exception {
    ReceiverAccount receiver = new ReceiverAccount();
    OtlpTraces traces =
        new OtlpTraces(
            TestOtlp.http("http://127.0.0.1:" + freePort() + "/v1/traces").config(),
            SpanBatches.DEFAULT,
            10, // not a multiple of a trace's spans
            new Account("export_traces"));
    Linker linker = Linkers.to(Duration.ZERO, new Handover(List.of(traces), receiver));
    for (int i = 0; i < EXCHANGES; i++) {
      linker.accept(exchange().build());
    }
    traces.close();

    ExporterStatus exporter = traces.status();
    assertThat(receiver.refusedTotal()).as("older ones make room").isZero();
    assertThat(receiver.acceptedTotal())
        .isEqualTo(EXCHANGES * SPANS_EACH)
        .isEqualTo(
            exporter.sent()
                + exporter.sendFailed()
                + exporter.enqueueFailed()
                + exporter.queue().items());
    assertThat(exporter.enqueueFailed()).isPositive();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
