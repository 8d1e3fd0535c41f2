package io.sonde.launcher.explain;

import io.sonde.contract.v1.ExplainedCapture;
import io.sonde.contract.v1.ExplainedCriterion;
import io.sonde.contract.v1.ExplainedGoroutines;
import io.sonde.contract.v1.ExplainedProcess;
import io.sonde.contract.v1.ExplainedRule;
import io.sonde.contract.v1.ExplainedTls;
import io.sonde.contract.v1.Listening;
import io.sonde.contract.v1.ProbeState;
import io.sonde.contract.v1.SeenProcess;
import io.sonde.contract.v1.SeenTls;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The answer in words. */
final class ExplainText {
  private final StringBuilder out = new StringBuilder();

  private ExplainText() {}

  static String of(Explain explain) {
    ExplainText text = new ExplainText();
    if (explain.captures().isEmpty()) {
      text.line(
          "The receiver runs, but no capture process is connected to it, so nothing is observed."
              + " Start sonde capture with the same receiver.socket, as root; its log says what"
              + " keeps it away.");
    }
    explain.captures().forEach(text::capture);
    if (explain.anybodyAnswered() && explain.processes().isEmpty()) {
      text.line("There is no " + explain.subject().missing() + ".");
    }
    return text.out.toString();
  }

  private void capture(ExplainedCapture capture) {
    if (!capture.hasAnswer()) {
      line(
          "Capture %s on %s did not answer in time: it is stopped or very busy, or of an older release."
              .formatted(capture.getId(), capture.getHostName()));
    }
    for (ExplainedProcess process : capture.getAnswer().getProcessesList()) {
      process(
          process,
          capture,
          capture.getSeenList().stream()
              .filter(seen -> seen.getPid() == process.getPid())
              .findFirst());
    }
    if (capture.getAnswer().getMore() > 0) {
      line("… and " + capture.getAnswer().getMore() + " more processes.");
    }
  }

  private void process(
      ExplainedProcess process, ExplainedCapture capture, Optional<SeenProcess> seen) {
    line(
        "Process %d on %s: %s"
            .formatted(
                process.getPid(),
                capture.getHostName(),
                process.getExecutable().isEmpty()
                    ? "a program that cannot be named"
                    : process.getExecutable()));
    line("  listens on " + listening(process.getListeningList()));
    line("  " + verdict(process, seen));
    rules(process.getRulesList());
    process.getTlsList().forEach(this::tls);
    process.getGoroutinesList().forEach(this::goroutines);
    line("  probes: " + probes(capture.getProbesList()));
    seen.ifPresent(this::seen);
    Advice.of(process, seen).forEach(sentence -> line("  → " + sentence));
    out.append('\n');
  }

  private static String listening(List<Listening> listening) {
    if (listening.isEmpty()) {
      return "no TCP port";
    }
    Map<Long, List<String>> byNamespace =
        listening.stream()
            .collect(
                Collectors.groupingBy(
                    Listening::getNetns,
                    TreeMap::new,
                    Collectors.mapping(
                        one -> Integer.toString(one.getPort()), Collectors.toList())));
    return byNamespace.entrySet().stream()
        .map(
            entry ->
                String.join(", ", entry.getValue()) + " in network namespace " + entry.getKey())
        .collect(Collectors.joining("; "));
  }

  private static String verdict(ExplainedProcess process, Optional<SeenProcess> seen) {
    String by =
        process.getSelectedByList().stream().map(Advice::key).collect(Collectors.joining(", "));
    if (process.getSelected()) {
      return "OBSERVED"
          + seen.map(of -> " as service " + service(of)).orElse("")
          + ", selected by "
          + by;
    }
    if (!process.getExcludedBy().isEmpty()) {
      return "NOT OBSERVED: selected by %s, but excluded by %s"
          .formatted(by, Advice.key(process.getExcludedBy()));
    }
    return "NOT OBSERVED: no rule selects it";
  }

  private static String service(SeenProcess seen) {
    String name =
        seen.getServiceNamespace().isEmpty()
            ? seen.getServiceName()
            : seen.getServiceNamespace() + "/" + seen.getServiceName();
    return seen.getLanguage().isEmpty() ? name : name + " (" + seen.getLanguage() + ")";
  }

  /** Of those that exclude only what matches: the others have nothing to do with it. */
  private void rules(List<ExplainedRule> rules) {
    for (ExplainedRule rule : rules) {
      if (!rule.getExcludes() || rule.getMatches()) {
        line(
            "  %s %s"
                .formatted(
                    Advice.key(rule.getId()),
                    rule.getExcludes()
                        ? "excludes it"
                        : rule.getMatches() ? "matches" : "does not match"));
        rule.getCriteriaList().forEach(this::criterion);
      }
    }
  }

  private void tls(ExplainedTls tls) {
    line(
        "  TLS %s: %s: %s"
            .formatted(tls.getRead() ? "read" : "NOT READ", tls.getFile(), tls.getDetail()));
  }

  private void goroutines(ExplainedGoroutines goroutines) {
    line(
        "  goroutines %s: %s: %s"
            .formatted(
                goroutines.getHooked() ? "known" : "NOT KNOWN",
                goroutines.getFile(),
                goroutines.getDetail()));
  }

  private void criterion(ExplainedCriterion criterion) {
    line(
        "    %s %s = %s: it has %s"
            .formatted(
                criterion.getMet() ? "met    " : "NOT MET",
                criterion.getName(),
                criterion.getWanted(),
                criterion.getFound().isEmpty() ? "none" : criterion.getFound()));
  }

  private static String probes(List<ProbeState> probes) {
    return probes.stream()
        .map(
            probe ->
                probe.getName()
                    + (probe.getAttached() ? " attached" : " OFF (" + probe.getReason() + ")"))
        .collect(Collectors.joining(", "));
  }

  private void seen(SeenProcess seen) {
    String protocols =
        new TreeMap<>(seen.getProtocolsMap())
            .entrySet().stream()
                .map(entry -> entry.getValue() + " of them " + entry.getKey())
                .collect(Collectors.joining(", "));
    line(
        "  seen: %d connections%s; %d exchanges begun, %d reported"
            .formatted(
                seen.getConnections(),
                protocols.isEmpty() ? "" : " (" + protocols + ")",
                seen.getExchangesBegun(),
                seen.getExchangesReported()));
    tls(seen.getTls());
    seen.getLossesList()
        .forEach(
            loss ->
                line(
                    "  not reported: %d, %s: %s"
                        .formatted(loss.getCount(), loss.getCause(), loss.getSentence())));
    if (seen.getOwnExportsCount() > 0) {
      line("  exports itself: " + String.join(", ", seen.getOwnExportsList()));
    }
    if (!seen.getSettingsMap().isEmpty()) {
      line(
          "  settings of its own: "
              + new TreeMap<>(seen.getSettingsMap())
                  .entrySet().stream()
                      .map(entry -> entry.getKey() + " = " + entry.getValue())
                      .collect(Collectors.joining(", ")));
    }
  }

  private void tls(SeenTls tls) {
    if (tls.getConnections() > 0) {
      line(
          "  TLS: %d connections encrypted, %d of them read"
              .formatted(tls.getConnections(), tls.getReadable()));
    }
    if (tls.getUnmatchedSessions() > 0) {
      line(
          "  TLS: %d sessions read that are of no connection for certain, so not told"
              .formatted(tls.getUnmatchedSessions()));
    }
  }

  private void line(String text) {
    // a command line is the process's own: it may hold anything
    text.chars().forEach(c -> out.append(Character.isISOControl(c) ? '?' : (char) c));
    out.append('\n');
  }
}
