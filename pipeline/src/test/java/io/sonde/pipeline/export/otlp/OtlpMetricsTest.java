package io.sonde.pipeline.export.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sonde.pipeline.accounting.Account;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class OtlpMetricsTest {
  @Test
  void aDefectWhileCollectingIsLoggedOnceAndDoesNotEndTheExports() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    KeptLog log = new KeptLog();
    try (log;
        OtlpEndpoint endpoint = new OtlpEndpoint();
        OtlpMetrics metrics =
            new OtlpMetrics(
                endpoint.config(),
                Duration.ofMillis(5),
                () -> {
                  calls.incrementAndGet();
                  throw new IllegalStateException("as a defect would");
                },
                new Account("export_metrics"))) {
      await().until(() -> calls.get() > 2);
      assertThat(metrics).isNotNull();
    }
    assertThat(log.records()).extracting(LogRecord::getLevel).containsExactly(Level.SEVERE);
  }
}
