package io.sonde.pipeline.export.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sonde.pipeline.MetricsConfig.Temporality;
import io.sonde.pipeline.OtlpConfig;
import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.accounting.SelfMetrics;
import io.sonde.pipeline.metrics.SelfStore;
import java.time.Duration;
import java.util.Optional;
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
                false,
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

  @Test
  void deltasAreNotCollectedWhileTheQueueIsFullSoThatNoneIsLost() throws Exception {
    Account account = new Account("export_metrics");
    AtomicInteger collections = new AtomicInteger();
    OtlpConfig away =
        TestOtlp.grpc("unix://@sonde-nobody-has-this")
            .queue(new OtlpConfig.Queue(Optional.empty(), 1 << 16))
            .config();
    SelfStore source = new SelfStore(new SelfMetrics(), Temporality.DELTA, 0);
    try (OtlpMetrics metrics =
        new OtlpMetrics(
            away,
            Duration.ofMillis(1),
            true,
            () -> {
              collections.incrementAndGet();
              return source.collect(1);
            },
            account)) {
      await()
          .during(Duration.ofMillis(200))
          .atMost(Duration.ofSeconds(20))
          .until(collections::get, seen -> seen == collections.get());
      assertThat(metrics.status().queue().bytes()).isPositive();
      assertThat(account.lostTotal(LossCause.EXPORT_QUEUE_FULL)).isZero();
    }
    assertThat(account.pending()).isZero();
  }
}
