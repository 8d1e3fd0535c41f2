package io.sonde.pipeline.connection;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.sonde.pipeline.PipelineConfig;
import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.accounting.SelfMetrics;
import io.sonde.pipeline.event.CaptureStarted;
import io.sonde.pipeline.event.CaptureStats;
import io.sonde.pipeline.event.GoroutineAct;
import io.sonde.pipeline.event.ProcessStarted;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.Exchange;
import io.sonde.pipeline.exchange.ExchangeSink;
import io.sonde.pipeline.exchange.HttpExchange;
import io.sonde.pipeline.exchange.RequestKey;
import io.sonde.pipeline.exchange.RpcExchange;
import io.sonde.pipeline.identity.SdkCoexistence;
import io.sonde.pipeline.identity.ServiceFactory;
import io.sonde.pipeline.identity.ServiceOverrides;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tells a {@link CaptureDecoder} what the kernel side would tell it of given reads and writes, with
 * the same budgets, offsets, times and tails, and keeps what comes out. The clock is 1000 ns
 * further at each operation.
 */
public final class SimulatedCapture {
  public static final int PID = 4711;
  public static final int TID = 4712;
  public static final Duration TIMEOUT = Duration.ofMillis(1);
  private static final String WITHOUT_TLS = "discovery.instrument[0]#1";
  public static final long REALTIME_OFFSET_NS = 1_000_000_000_000L;

  /** Port 8080 is where all clients connect to. */
  final SdkCoexistence coexistence = new SdkCoexistence(new SdkCoexistence.Settings(true, 8080));

  final Account account = new Account("decode");
  private final SelfMetrics self = new SelfMetrics();
  final CaptureDecoder decoder;
  private ExchangeSink next = exchange -> {};
  private final List<Exchange> told = new ArrayList<>();
  private int requestBudget = 4096;
  private int answerBudget = 1024;
  private long cookies = 100;
  private int sessions = -2; // wraps soon
  long now = 5_000_000;

  public SimulatedCapture() {
    this(1000);
  }

  public SimulatedCapture(int maxConnections) {
    this(maxConnections, new Kernels(), "");
  }

  SimulatedCapture(int maxConnections, Kernels kernels, String bootId) {
    CaptureStarted started =
        new CaptureStarted("ab12", "host1", "m-1", bootId, "6.18.0", REALTIME_OFFSET_NS, List.of());
    decoder =
        new CaptureDecoder(
            started,
            kernels,
            new ServiceFactory(
                Optional.empty(), Map.of(), Map.of(WITHOUT_TLS, withoutTls()), coexistence),
            new Kept(),
            account,
            self.decode(),
            new PipelineConfig.Decoding(TIMEOUT, Set.of("sig", "Signature", "AWSAccessKeyId")),
            maxConnections);
    decoder.processStarted(process(PID, 1, "/usr/sbin/nginx"));
  }

  /** What comes out goes there too. */
  public SimulatedCapture into(ExchangeSink sink) {
    next = sink;
    return this;
  }

  private static ServiceOverrides withoutTls() {
    return new ServiceOverrides(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(false));
  }

  /** Tells of another process, whose TLS is not to be read. */
  public void startWithoutTls(int pid) {
    decoder.processStarted(process(pid, 1, "/usr/bin/other", List.of(WITHOUT_TLS)));
  }

  /** Tells of another process. */
  public void start(int pid) {
    decoder.processStarted(process(pid, 1, "/usr/bin/other"));
  }

  public void end() {
    decoder.close();
  }

  /** A time later than that of all operations so far. */
  public long later() {
    return tick();
  }

  /** Tells what a goroutine does. */
  public void act(GoroutineAct act) {
    decoder.goroutine(act);
  }

  public SimulatedCapture budgets(int request, int answer) {
    requestBudget = request;
    answerBudget = answer;
    return this;
  }

  public static ProcessStarted process(int pid, long startNs, String executable) {
    return process(pid, startNs, executable, List.of());
  }

  private static ProcessStarted process(
      int pid, long startNs, String executable, List<String> selectedBy) {
    return new ProcessStarted(
        pid,
        startNs,
        1,
        0,
        pid,
        executable,
        List.of(executable),
        "/",
        "",
        "",
        "",
        1,
        Map.of(),
        selectedBy);
  }

  /** A connection seen from its start. */
  public SimulatedConnection connect(Role role) {
    SimulatedConnection connection = new SimulatedConnection(this, cookies++, role, now);
    connection.announce();
    return connection;
  }

  /** A connection older than the capture, its side not known. */
  public SimulatedConnection connectedBefore() {
    SimulatedConnection connection = new SimulatedConnection(this, cookies++, Role.UNKNOWN, 0);
    connection.announce();
    return connection;
  }

  /** In their order. */
  public List<Exchange> told() {
    return told;
  }

  /** Those of HTTP. */
  public List<HttpExchange> exchanges() {
    return only(HttpExchange.class);
  }

  public List<RpcExchange> calls() {
    return only(RpcExchange.class);
  }

  private <E extends Exchange> List<E> only(Class<E> type) {
    return told.stream().filter(type::isInstance).map(type::cast).toList();
  }

  public long lost(LossCause cause) {
    return account.lostTotal(cause);
  }

  public long lost() {
    long sum = 0;
    for (LossCause cause : LossCause.values()) {
      sum += account.lostTotal(cause);
    }
    return sum;
  }

  /** Whether in = out + open + losses. */
  public boolean addsUp() {
    return account.inTotal() == account.outTotal() + decoder.openExchanges() + lost()
        && account.outTotal() == told.size();
  }

  public int open() {
    return decoder.openExchanges();
  }

  /** What the capture tells once a second: so much time has passed since the last operation. */
  public SimulatedCapture stats(Duration later) {
    now += later.toNanos();
    decoder.stats(new CaptureStats(now, REALTIME_OFFSET_NS, Map.of()));
    return this;
  }

  /** As on the page of self-metrics; 0 where there is no such line. */
  public long total(String name, Map<String, String> labels) {
    return self.collect().stream()
        .filter(metric -> metric.name().equals(name))
        .mapToLong(metric -> metric.points().getOrDefault(labels, 0.0).longValue())
        .sum();
  }

  /** Unsigned, never 0. */
  int nextSession() {
    sessions++;
    return sessions == 0 ? ++sessions : sessions;
  }

  int budget(boolean request) {
    return request ? requestBudget : answerBudget;
  }

  long tick() {
    now += 1000;
    return now;
  }

  static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  private final class Kept implements ExchangeSink {
    @Override
    public void accept(Exchange exchange) {
      told.add(exchange);
      next.accept(exchange);
    }

    @Override
    public void unreported(RequestKey request) {
      next.unreported(request);
    }

    @Override
    public void timePasses() {
      next.timePasses();
    }
  }
}
