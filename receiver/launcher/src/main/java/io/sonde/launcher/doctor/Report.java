package io.sonde.launcher.doctor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.sonde.contract.doctor.Finding;
import io.sonde.contract.doctor.Finding.Status;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;

/** What {@code sonde doctor} says in the end. */
public record Report(List<Finding> findings) {
  /** Of the JSON: a reader of 1 understands every later version that still says 1. */
  private static final int SCHEMA = 1;

  private static final int DEGRADED = 4;
  private static final int COULD_NOT_TELL = 5;
  private static final int CONFIGURATION = 2;
  private static final int ENVIRONMENT = 3;

  public Report {
    findings = List.copyOf(findings);
  }

  /** The worst there is. */
  Status status() {
    return findings.stream()
        .map(Finding::status)
        .max(Comparator.naturalOrder())
        .orElse(Status.COULD_NOT_TELL);
  }

  /** That of {@code sonde run} where it would fail. */
  public int exitCode() {
    return switch (status()) {
      case OK -> 0;
      case COULD_NOT_TELL -> COULD_NOT_TELL;
      case DEGRADED -> DEGRADED;
      case FAILED ->
          findings.stream()
                  .filter(finding -> finding.status() == Status.FAILED)
                  .allMatch(finding -> finding.check().equals("configuration"))
              ? CONFIGURATION
              : ENVIRONMENT;
    };
  }

  /** A line each, and under those that are not ok what it costs and what to do. */
  public String text() {
    StringBuilder text = new StringBuilder();
    for (Finding finding : findings) {
      text.append(
          "%-15s%s: %s%n".formatted(label(finding.status()), finding.check(), finding.found()));
      if (!finding.cost().isEmpty()) {
        text.append("               cost: ").append(finding.cost()).append('\n');
      }
      if (!finding.remedy().isEmpty()) {
        text.append("               remedy: ").append(finding.remedy()).append('\n');
      }
    }
    return text.append("\nIn all: ").append(label(status())).append('\n').toString();
  }

  private static String label(Status status) {
    return status.toString().replace('_', ' ');
  }

  /** {@code {"version":1,"status":…,"findings":[{"check","status","found","cost","remedy"}]}}. */
  public String json() {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeNumberField("version", SCHEMA);
      json.writeStringField("status", status().toString());
      json.writeArrayFieldStart("findings");
      for (Finding finding : findings) {
        json.writeStartObject();
        json.writeStringField("check", finding.check());
        json.writeStringField("status", finding.status().toString());
        json.writeStringField("found", finding.found());
        json.writeStringField("cost", finding.cost());
        json.writeStringField("remedy", finding.remedy());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot fail", e);
    }
    return out.append('\n').toString();
  }
}
