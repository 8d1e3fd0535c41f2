package io.sonde.pipeline.export.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sonde.pipeline.accounting.Account;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class OtlpMetricsTest {
  @Test
  void aDefectWhileCollectingIsLoggedOnceAndDoesNotEndTheExports() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    List<LogRecord> logged = new CopyOnWriteArrayList<>();
    Logger logger = Logger.getLogger(ExportLog.class.getName());
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord message) {
            logged.add(message);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    logger.addHandler(handler);
    try (OtlpEndpoint endpoint = new OtlpEndpoint();
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
    } finally {
      logger.removeHandler(handler);
    }
    assertThat(logged).extracting(LogRecord::getLevel).containsExactly(Level.SEVERE);
  }
}
