package io.sonde.launcher.explain;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.sonde.contract.v1.ExplainedCapture;
import io.sonde.contract.v1.ExplainedCriterion;
import io.sonde.contract.v1.ExplainedGoroutines;
import io.sonde.contract.v1.ExplainedProcess;
import io.sonde.contract.v1.ExplainedRule;
import io.sonde.contract.v1.ExplainedTls;
import io.sonde.contract.v1.Listening;
import io.sonde.contract.v1.ProbeState;
import io.sonde.contract.v1.SeenLoss;
import io.sonde.contract.v1.SeenProcess;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The answer for scripts. */
final class ExplainJson {
  /** A reader of 1 understands every later version that still says 1. */
  private static final int SCHEMA = 1;

  private final JsonGenerator json;

  private ExplainJson(JsonGenerator json) {
    this.json = json;
  }

  static String of(Explain explain) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeNumberField("version", SCHEMA);
      json.writeArrayFieldStart("captures");
      for (ExplainedCapture capture : explain.captures()) {
        new ExplainJson(json).capture(capture);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot fail", e);
    }
    return out.append('\n').toString();
  }

  private void capture(ExplainedCapture capture) throws IOException {
    json.writeStartObject();
    json.writeStringField("host", capture.getHostName());
    json.writeStringField("id", capture.getId());
    json.writeBooleanField("answered", capture.hasAnswer());
    json.writeArrayFieldStart("probes");
    for (ProbeState probe : capture.getProbesList()) {
      json.writeStartObject();
      json.writeStringField("name", probe.getName());
      json.writeBooleanField("attached", probe.getAttached());
      json.writeStringField("reason", probe.getReason());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("processes");
    for (ExplainedProcess process : capture.getAnswer().getProcessesList()) {
      process(
          process,
          capture.getSeenList().stream()
              .filter(seen -> seen.getPid() == process.getPid())
              .findFirst());
    }
    json.writeEndArray();
    json.writeNumberField("more_processes", capture.getAnswer().getMore());
    json.writeEndObject();
  }

  private void process(ExplainedProcess process, Optional<SeenProcess> seen) throws IOException {
    json.writeStartObject();
    json.writeNumberField("pid", process.getPid());
    json.writeStringField("executable", process.getExecutable());
    json.writeArrayFieldStart("listening");
    for (Listening listening : process.getListeningList()) {
      json.writeStartObject();
      json.writeNumberField("port", listening.getPort());
      json.writeNumberField("netns", listening.getNetns());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeBooleanField("observed", process.getSelected());
    strings("selected_by", process.getSelectedByList().stream().map(Advice::key).toList());
    json.writeStringField("excluded_by", Advice.key(process.getExcludedBy()));
    json.writeArrayFieldStart("rules");
    for (ExplainedRule rule : process.getRulesList()) {
      rule(rule);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("tls");
    for (ExplainedTls tls : process.getTlsList()) {
      json.writeStartObject();
      json.writeStringField("file", tls.getFile());
      json.writeBooleanField("read", tls.getRead());
      json.writeStringField("detail", tls.getDetail());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("goroutines");
    for (ExplainedGoroutines goroutines : process.getGoroutinesList()) {
      json.writeStartObject();
      json.writeStringField("file", goroutines.getFile());
      json.writeBooleanField("hooked", goroutines.getHooked());
      json.writeStringField("detail", goroutines.getDetail());
      json.writeEndObject();
    }
    json.writeEndArray();
    if (seen.isPresent()) {
      seen(seen.get());
    }
    strings("advice", Advice.of(process, seen));
    json.writeEndObject();
  }

  private void rule(ExplainedRule rule) throws IOException {
    json.writeStartObject();
    json.writeStringField("key", Advice.key(rule.getId()));
    json.writeBooleanField("excludes", rule.getExcludes());
    json.writeBooleanField("matches", rule.getMatches());
    json.writeArrayFieldStart("criteria");
    for (ExplainedCriterion criterion : rule.getCriteriaList()) {
      json.writeStartObject();
      json.writeStringField("name", criterion.getName());
      json.writeStringField("wanted", criterion.getWanted());
      json.writeStringField("found", criterion.getFound());
      json.writeBooleanField("met", criterion.getMet());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void seen(SeenProcess seen) throws IOException {
    json.writeObjectFieldStart("seen");
    json.writeStringField("service.name", seen.getServiceName());
    json.writeStringField("service.namespace", seen.getServiceNamespace());
    json.writeStringField("language", seen.getLanguage());
    json.writeNumberField("connections", seen.getConnections());
    json.writeObjectFieldStart("tls");
    json.writeNumberField("connections", seen.getTls().getConnections());
    json.writeNumberField("readable", seen.getTls().getReadable());
    json.writeNumberField("unmatched_sessions", seen.getTls().getUnmatchedSessions());
    json.writeEndObject();
    json.writeObjectFieldStart("protocols");
    for (Map.Entry<String, Long> protocol : seen.getProtocolsMap().entrySet()) {
      json.writeNumberField(protocol.getKey(), protocol.getValue());
    }
    json.writeEndObject();
    json.writeNumberField("exchanges_begun", seen.getExchangesBegun());
    json.writeNumberField("exchanges_reported", seen.getExchangesReported());
    json.writeObjectFieldStart("not_reported");
    for (SeenLoss loss : seen.getLossesList()) {
      json.writeNumberField(loss.getCause(), loss.getCount());
    }
    json.writeEndObject();
    strings("own_exports", seen.getOwnExportsList());
    json.writeObjectFieldStart("settings");
    for (Map.Entry<String, String> setting : seen.getSettingsMap().entrySet()) {
      json.writeStringField(setting.getKey(), setting.getValue());
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private void strings(String name, List<String> values) throws IOException {
    json.writeArrayFieldStart(name);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }
}
