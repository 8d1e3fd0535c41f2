package io.sonde.launcher.explain;

import io.sonde.contract.v1.ExplainedCriterion;
import io.sonde.contract.v1.ExplainedProcess;
import io.sonde.contract.v1.ExplainedRule;
import io.sonde.contract.v1.SeenProcess;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Why a service is not seen, in a sentence or a few, and what to do about it. */
final class Advice {
  /** Has an advice of its own. */
  private static final String TLS = "tls";

  private final ExplainedProcess process;
  private final Optional<SeenProcess> seen;

  private Advice(ExplainedProcess process, Optional<SeenProcess> seen) {
    this.process = process;
    this.seen = seen;
  }

  static List<String> of(ExplainedProcess process, Optional<SeenProcess> seen) {
    Advice advice = new Advice(process, seen);
    return process.getSelected() ? advice.observed() : advice.notObserved();
  }

  private List<String> notObserved() {
    if (process.getOwn()) {
      return List.of("This is the half of Sonde that captures: it never observes itself.");
    }
    Optional<ExplainedRule> excluding =
        process.getRulesList().stream()
            .filter(rule -> rule.getExcludes() && rule.getMatches())
            .findFirst();
    boolean included =
        process.getRulesList().stream().anyMatch(rule -> !rule.getExcludes() && rule.getMatches());
    if (included && excluding.isPresent()) {
      return List.of(excluded(key(excluding.get().getId())));
    }
    if (included) {
      return List.of(
          "A rule matches it by now, but did not when the process was last looked at, which is when"
              + " it executes a program or begins to listen: start it, or Sonde, again.");
    }
    List<String> advice = new ArrayList<>();
    nearest().ifPresent(advice::add);
    advice.add("To observe it, add an entry to discovery.instrument, as " + entry() + ".");
    excluding.ifPresent(rule -> advice.add("Then too: " + excluded(key(rule.getId()))));
    return advice;
  }

  private static String excluded(String key) {
    return key
        + " excludes it, and that counts more than what selects it: "
        + (key.contains("default_exclude")
            ? "set " + key.replaceFirst("\\[.*", "") + " to a list without that entry."
            : "take that entry away, or add a criterion to it that this process does not meet.");
  }

  /** The rule that fails by the fewest criteria. */
  private Optional<String> nearest() {
    return process.getRulesList().stream()
        .filter(rule -> !rule.getExcludes())
        .min(Comparator.comparingLong(rule -> unmet(rule).size()))
        .filter(rule -> unmet(rule).size() < rule.getCriteriaCount())
        .map(
            rule ->
                "Nearest comes %s, which fails by %s only."
                    .formatted(key(rule.getId()), String.join(" and ", unmet(rule))));
  }

  private static List<String> unmet(ExplainedRule rule) {
    return rule.getCriteriaList().stream()
        .filter(criterion -> !criterion.getMet())
        .map(ExplainedCriterion::getName)
        .toList();
  }

  private String entry() {
    if (process.getListeningCount() > 0) {
      return "{ open_ports = "
          + process.getListeningList().stream()
              .map(listening -> Integer.toString(listening.getPort()))
              .distinct()
              .collect(Collectors.joining(",", "\"", "\""))
          + " }";
    }
    return process.getExecutable().isEmpty()
        ? "{ target_pids = [" + process.getPid() + "] }"
        : "{ exe_path = \"" + process.getExecutable() + "\" }";
  }

  private List<String> observed() {
    if (seen.isEmpty() || seen.get().getConnections() == 0) {
      return List.of(
          "Nothing was sent to it or by it over TCP since Sonde observes it. Send it a request. If"
              + " it had some: they may go to another process (sonde explain :PORT says to which),"
              + " or over a Unix socket or UDP, which Sonde does not look at.");
    }
    SeenProcess of = seen.get();
    List<String> advice = new ArrayList<>();
    if ("[]".equals(of.getSettingsOrDefault("exports", ""))) {
      advice.add("Its exports are [], so nothing is told of it: change that entry.");
    }
    if (of.getOwnExportsCount() > 0) {
      advice.add(
          "An SDK in it exports these signals, so Sonde does not tell them as well:"
              + " discovery.exclude_otel_instrumented_services = false lets both tell them.");
    }
    if (of.getTls().getConnections() > of.getTls().getReadable()) {
      advice.add(unreadTls(of));
    }
    if (of.getExchangesReported() > 0) {
      advice.add(
          "It is seen. What is missing behind Sonde was not sampled (sampler), not wanted (exports)"
              + " or not taken by the endpoint: the log, and sonde_stage_lost_total, say so.");
    } else if (of.getLossesList().stream().anyMatch(loss -> !loss.getCause().equals(TLS))) {
      advice.add(
          "Its traffic is seen but not understood, for the reasons above: Sonde reads HTTP and gRPC so far,"
              + " in clear text and within TLS.");
    } else if (advice.isEmpty()) {
      advice.add("Its connections are seen, but no request on them has come to its end yet.");
    }
    return advice;
  }

  private static String unreadTls(SeenProcess of) {
    if ("false".equals(of.getSettingsOrDefault("tls", ""))) {
      return "What it says within TLS is not read: its entry says tls = false.";
    }
    return of.getLanguage().equals("java")
        ? "Java encrypts by itself: its own TLS cannot be read without entering the JVM, which Sonde"
            + " does not. Observe whoever it talks to, or let a proxy beside it do the TLS."
        : "Some of its TLS is not read: it was not done by a library that Sonde can read (OpenSSL and"
            + " BoringSSL with their symbols, GnuTLS, Go's crypto/tls), ebpf.tls is false, or those"
            + " connections have said nothing since they can be read.";
  }

  /** Of a rule: its place in the configuration. */
  static String key(String rule) {
    return rule.replaceFirst("#.*", "");
  }
}
