package io.sonde.pipeline.export.print;

import static io.sonde.pipeline.exchange.HttpExchanges.MS;
import static io.sonde.pipeline.exchange.HttpExchanges.exchange;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sonde.pipeline.PipelineConfig;
import io.sonde.pipeline.accounting.Account;
import io.sonde.pipeline.accounting.LossCause;
import io.sonde.pipeline.event.Role;
import io.sonde.pipeline.exchange.HttpExchange;
import io.sonde.pipeline.export.GoDuration;
import io.sonde.pipeline.linking.Linker;
import io.sonde.pipeline.linking.Linkers;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TracePrinterTest {
  private final Account account = new Account("print");

  private String print(PipelineConfig.TracePrinter mode, HttpExchange... exchanges) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TracePrinter printer = new TracePrinter(mode, new PrintStream(bytes), account)) {
      Linker linker = Linkers.to(Duration.ofMillis(1), printer);
      for (HttpExchange exchange : exchanges) {
        linker.accept(exchange);
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void theTextLineIsBeylas() {
    assertThat(print(PipelineConfig.TracePrinter.TEXT, exchange().build()))
        .matches(
            "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:41\\.000000000 \\(12ms\\[10ms\\]\\) HTTP\\(subType=0\\) 200 GET"
                + " /hello\\(\\) \\[10\\.0\\.0\\.9 as 10\\.0\\.0\\.9:45424\\]->\\[127\\.0\\.0\\.1 as shop:8080\\]"
                + " contentLen:0B responseLen:5B svc=\\[shop go\\]"
                + " traceparent=\\[00-[0-9a-f]{32}-[0-9a-f]{16}\\[0{16}\\]-01\\]\n");
  }

  @Test
  void saysWhenWhatItAcceptedHasBeenWritten() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TracePrinter printer =
        new TracePrinter(PipelineConfig.TracePrinter.TEXT, new PrintStream(bytes), account)) {
      assertThat(printer.written().getAsBoolean()).isTrue();
      Linkers.to(Duration.ofMillis(1), printer).accept(exchange().build());
      BooleanSupplier written = printer.written();
      await().until(written::getAsBoolean);
      assertThat(bytes.toString(StandardCharsets.UTF_8)).hasLineCount(1);
    }
  }

  @Test
  void ofAClientTheServerStandsRight() {
    assertThat(
            print(
                PipelineConfig.TracePrinter.TEXT,
                exchange().role(Role.CLIENT).sizes(-1, 7).build()))
        .contains(
            "HTTPClient(subType=0) 200 GET /hello() [127.0.0.1 as shop:45424]->[10.0.0.9 as shop.example:8080]")
        .contains("contentLen:?B responseLen:7B");
  }

  @Test
  void aHostilePathCannotReachTheTerminal() {
    assertThat(
            print(
                PipelineConfig.TracePrinter.TEXT,
                exchange().target("/\u001b[2J\n\u0085x", null).build()))
        .contains("/\\x1b[2J\\x0a\\x85x(")
        .hasLineCount(1);
  }

  @Test
  void jsonIsOneObjectALineWithBeylasFields() throws Exception {
    String line =
        print(
            PipelineConfig.TracePrinter.JSON,
            exchange().target("/a\"b", "q=1").status(500, "500").queued(30 * MS).build());
    assertThat(line).hasLineCount(1);
    Map<String, String> fields = new HashMap<>();
    try (JsonParser json = new JsonFactory().createParser(line)) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token.isScalarValue()) {
          fields.put(json.currentName(), json.getText());
        }
      }
    }
    assertThat(fields)
        .containsEntry("type", "HTTP")
        .containsEntry("kind", "SERVER")
        .containsEntry("url", "/a\"b")
        .containsEntry("query", "q=1")
        .containsEntry("status", "500")
        .containsEntry("errorType", "500")
        .containsEntry("durationUSec", "40000")
        .containsEntry("handlerDurationUSec", "10000")
        .containsEntry("start", "1000000001000000")
        .containsEntry("pid", "42");
  }

  @Test
  void theCounterCounts() {
    assertThat(print(PipelineConfig.TracePrinter.COUNTER, exchange().build(), exchange().build()))
        .isEqualTo("Processed 1 requests\nProcessed 2 requests\n");
    assertThat(account.inTotal()).isEqualTo(2);
    assertThat(account.outTotal()).isEqualTo(2);
  }

  @Test
  void whatCannotBeWrittenIsCounted() {
    PrintStream broken =
        new PrintStream(
            new OutputStream() {
              @Override
              public void write(int b) throws java.io.IOException {
                throw new java.io.IOException("Broken pipe");
              }
            });
    try (TracePrinter printer =
        new TracePrinter(PipelineConfig.TracePrinter.TEXT, broken, account)) {
      Linkers.to(Duration.ofMillis(1), printer).accept(exchange().build());
    }
    assertThat(account.lostTotal(LossCause.EXPORT_FAILED)).isEqualTo(1);
    assertThat(account.outTotal()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0s",
    "999, 999ns",
    "1500, 1.5µs",
    "14869410, 14.86941ms",
    "1000000000, 1s",
    "90500000000, 1m30.5s",
    "3600000000000, 1h0m0s",
    "-2000, -2µs"
  })
  void durationsReadAsGoPrintsThem(long ns, String text) {
    assertThat(GoDuration.of(ns)).isEqualTo(text);
  }
}
