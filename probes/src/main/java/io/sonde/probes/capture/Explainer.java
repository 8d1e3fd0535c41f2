package io.sonde.probes.capture;

import io.sonde.contract.v1.ExplainAnswer;
import io.sonde.contract.v1.ExplainQuestion;
import io.sonde.contract.v1.ExplainRequest;
import io.sonde.contract.v1.ExplainedCriterion;
import io.sonde.contract.v1.ExplainedGoroutines;
import io.sonde.contract.v1.ExplainedProcess;
import io.sonde.contract.v1.ExplainedRule;
import io.sonde.contract.v1.ExplainedTls;
import io.sonde.contract.v1.Listening;
import io.sonde.probes.bpf.BpfException;
import io.sonde.probes.host.ProcFs;
import io.sonde.probes.probe.existing.ExistingProbe;
import io.sonde.probes.probe.existing.Listener;
import io.sonde.probes.probe.files.FileReport;
import io.sonde.probes.probe.files.FileTracking;
import io.sonde.probes.probe.files.Subject;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Answers what the rules make of a process, criterion by criterion. Asked by the unprivileged half,
 * so it tells only what a rule looks at, and bounded. For the agent's thread.
 */
final class Explainer {
  static final int MAX_PROCESSES = 16;
  static final int MAX_RULES = 256;
  static final int MAX_TEXT = 512;
  private static final int MAX_LISTENING = 64;
  private static final int MAX_FILES = 16;

  private final Supplier<Selection> selection;
  private final IntFunction<Decision> decisions;
  private final ExistingProbe existing;
  private final FileTracking files;
  private final ProcFs proc;

  /**
   * @param selection as it is now
   * @param decisions what was decided last, by pid
   */
  Explainer(
      Supplier<Selection> selection,
      IntFunction<Decision> decisions,
      ExistingProbe existing,
      FileTracking files,
      ProcFs proc) {
    this.selection = selection;
    this.decisions = decisions;
    this.existing = existing;
    this.files = files;
    this.proc = proc;
  }

  /**
   * @throws BpfException when the kernel does not say who listens
   */
  ExplainAnswer answer(ExplainRequest request) throws BpfException {
    ExplainQuestion question = request.getQuestion();
    List<Listener> listeners = existing.listeners();
    existing.mark();
    List<Integer> pids =
        question.hasPid()
            ? proc.pids().stream().filter(pid -> pid == question.getPid()).toList()
            : listeners.stream()
                .filter(listener -> listener.port() == question.getPort())
                .map(Listener::pid)
                .distinct()
                .sorted()
                .toList();
    ExplainAnswer.Builder answer =
        ExplainAnswer.newBuilder()
            .setId(request.getId())
            .setMore(Math.max(0, pids.size() - MAX_PROCESSES));
    pids.stream().limit(MAX_PROCESSES).forEach(pid -> answer.addProcesses(explain(pid, listeners)));
    return answer.build();
  }

  private ExplainedProcess explain(int pid, List<Listener> listeners) {
    List<Listener> own = listeners.stream().filter(listener -> listener.pid() == pid).toList();
    Set<Integer> ports = own.stream().map(Listener::port).collect(Collectors.toSet());
    Candidate candidate = ProcCandidate.running(proc, pid, ports);
    Decision decision = decisions.apply(pid);
    ExplainedProcess.Builder process =
        ExplainedProcess.newBuilder()
            .setPid(pid)
            .setExecutable(cut(candidate.executable()))
            .setOwn(pid == ProcessHandle.current().pid())
            .setSelected(decision.selected())
            .addAllSelectedBy(decision.selectedBy())
            .setExcludedBy(decision.excludedBy().orElse(""));
    own.stream()
        .distinct()
        .limit(MAX_LISTENING)
        .forEach(
            listener ->
                process.addListening(
                    Listening.newBuilder().setPort(listener.port()).setNetns(listener.netns())));
    explain(files.explain(pid), process);
    selection.get().instrument().stream()
        .limit(MAX_RULES / 2)
        .forEach(rule -> process.addRules(explain(rule, false, candidate)));
    selection.get().exclude().stream()
        .limit(MAX_RULES / 2)
        .forEach(rule -> process.addRules(explain(rule, true, candidate)));
    return process.build();
  }

  private static void explain(List<FileReport> reports, ExplainedProcess.Builder process) {
    reports.stream()
        .filter(report -> report.subject() == Subject.TLS)
        .limit(MAX_FILES)
        .forEach(
            report ->
                process.addTls(
                    ExplainedTls.newBuilder()
                        .setFile(cut(report.file()))
                        .setRead(report.hooked())
                        .setDetail(cut(report.detail()))));
    reports.stream()
        .filter(report -> report.subject() == Subject.GOROUTINES)
        .limit(MAX_FILES)
        .forEach(
            report ->
                process.addGoroutines(
                    ExplainedGoroutines.newBuilder()
                        .setFile(cut(report.file()))
                        .setHooked(report.hooked())
                        .setDetail(cut(report.detail()))));
  }

  private static ExplainedRule explain(Rule rule, boolean excludes, Candidate candidate) {
    ExplainedRule.Builder explained =
        ExplainedRule.newBuilder()
            .setId(rule.id())
            .setExcludes(excludes)
            .setMatches(rule.matches(candidate));
    for (Criterion criterion : rule.criteria()) {
      explained.addCriteria(
          ExplainedCriterion.newBuilder()
              .setName(criterion.name())
              .setWanted(cut(criterion.wanted()))
              .setFound(cut(criterion.fact().apply(candidate)))
              .setMet(criterion.isMetBy(candidate)));
    }
    return explained.build();
  }

  private static String cut(String text) {
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
  }
}
