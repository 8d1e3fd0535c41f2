package io.sonde.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A Go service that calls another one in all the ways Go programs do, many requests at a time. A
 * request's id is in what is called for it, so the truth is known of every parent that Sonde tells.
 */
@DisplayName("Calls that a Go service makes")
class GoLinksIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int TIMES = 5;

  /** How many calls each of them makes. */
  private static final Map<String, Integer> WHILE_SERVED =
      Map.of("itself", 1, "goroutines", 3, "nested", 1, "errgroup", 3);

  /** By a goroutine that is older than the request, and after the answer. */
  private static final Set<String> BY_OTHERS = Set.of("pool", "background");

  private static final List<String> CLIENTS = List.of("h1", "h2", "xnet", "grpc");
  private static final Pattern ID = Pattern.compile("([a-z]+)-[a-z0-9]+-\\d+");

  private static final List<String> ON_ONE_CONNECTION =
      List.of("h2load", "-c1", "-m40", "-n" + requests());

  /** By which protocol the service is asked. */
  enum Asked {
    HTTP1("/fan/%s/%s/%s", List.of("curl", "-sS", "--parallel", "--parallel-immediate")),
    HTTP2("/fan/%s/%s/%s", ON_ONE_CONNECTION),
    GRPC("/fan.%s.%s/%s", ON_ONE_CONNECTION);

    private final String path;
    private final List<String> client;

    Asked(String path, List<String> client) {
      this.path = path;
      this.client = client;
    }
  }

  private record FanOut(Program program, int port, int grpcPort) implements AutoCloseable {
    static FanOut start(Path folder) {
      int port = Ports.free();
      int grpcPort = Ports.free();
      Program program =
          Program.start(
              "fan-out",
              folder,
              List.of(
                  Framework.installed("../http2/fan-out").resolve("fan-out").toString(),
                  "127.0.0.1:" + port,
                  "127.0.0.1:" + grpcPort));
      program.awaitLine("listening on");
      return new FanOut(program, port, grpcPort);
    }

    @Override
    public void close() {
      program.close();
    }
  }

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void areChildrenOfTheRequestThatTheirGoroutineIsCertainToServe(Asked asked) {
    try (FanOut service = FanOut.start(folder);
        FanOut callee = FanOut.start(folder);
        Sonde sonde = Sonde.observingPorts(folder, service.port, service.grpcPort)) {
      ask(asked, service, callee);

      List<SpanLine> spans = spans(sonde, requests() + calls());

      Map<String, SpanLine> served =
          spans.stream()
              .filter(span -> !span.isCall())
              .collect(Collectors.toMap(span -> id(span).group(), span -> span));
      assertThat(served).hasSize(requests());
      assertThat(spans)
          .filteredOn(SpanLine::isCall)
          .hasSize(calls())
          .allSatisfy(call -> assertTrueParent(call, served));
      assertCounted(sonde);
    }
  }

  private static void assertTrueParent(SpanLine call, Map<String, SpanLine> served) {
    Matcher id = id(call);
    if (BY_OTHERS.contains(id.group(1))) {
      assertThat(call.isRoot()).as(call.path()).isTrue();
    } else {
      SpanLine request = served.get(id.group());
      assertThat(call.parentId()).as(call.path()).isEqualTo(request.spanId());
      assertThat(call.traceId()).isEqualTo(request.traceId());
    }
  }

  private void assertCounted(Sonde sonde) {
    int others = BY_OTHERS.size() * CLIENTS.size() * TIMES;
    await("the number of links")
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(IOException.class)
        .untilAsserted(
            () -> {
              Samples samples = sonde.metrics();
              assertThat(samples.sum("sonde_links_total", "result", "linked"))
                  .isEqualTo(calls() - others);
              assertThat(samples.sum("sonde_links_total")).isEqualTo(calls());
            });
  }

  /** Many at once, each once. */
  private void ask(Asked asked, FanOut service, FanOut callee) {
    int port = asked == Asked.GRPC ? service.grpcPort : service.port;
    String called = "127.0.0.1:" + callee.port;
    String calledByGrpc = "127.0.0.1:" + callee.grpcPort;
    List<String> command = new ArrayList<>(asked.client);
    if (asked == Asked.GRPC) {
      command.add("-d" + Http.fileOf(folder, 5)); // an empty message
      command.addAll(List.of("-Hcontent-type: application/grpc", "-Hte: trailers"));
      command.addAll(List.of("-Hhttp: " + called, "-Hgrpc: " + calledByGrpc));
    }
    for (int i = 0; i < TIMES; i++) {
      for (String client : CLIENTS) {
        for (String way : ways()) {
          String id = way + "-" + client + "-" + i;
          String path = asked.path.formatted(way, client, id);
          String query = "?http=" + called + "&grpc=" + calledByGrpc;
          command.add("http://127.0.0.1:" + port + path + (asked == Asked.GRPC ? "" : query));
        }
      }
    }
    Program.run(folder, command.toArray(String[]::new));
  }

  private static List<String> ways() {
    List<String> ways = new ArrayList<>(new TreeMap<>(WHILE_SERVED).keySet());
    ways.addAll(BY_OTHERS);
    return ways;
  }

  private static int requests() {
    return ways().size() * CLIENTS.size() * TIMES;
  }

  private static int calls() {
    int each = BY_OTHERS.size() + WHILE_SERVED.values().stream().mapToInt(n -> n).sum();
    return each * CLIENTS.size() * TIMES;
  }

  private static Matcher id(SpanLine span) {
    Matcher id = ID.matcher(span.path());
    assertThat(id.find()).as(span.path()).isTrue();
    return id;
  }

  private static List<SpanLine> spans(Sonde sonde, int count) {
    await(count + " spans")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(() -> assertThat(SpanLine.of(sonde)).hasSize(count));
    return SpanLine.of(sonde);
  }
}
