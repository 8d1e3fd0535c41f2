package io.sonde.launcher.explain;

import io.sonde.contract.v1.ExplainAnswer;
import io.sonde.contract.v1.ExplainQuestion;
import io.sonde.contract.v1.ExplainReport;
import io.sonde.contract.v1.ExplainedCapture;
import io.sonde.contract.v1.ExplainedProcess;
import io.sonde.server.ExplainClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An answer to {@code sonde explain}.
 *
 * @param subject what was asked about
 * @param captures as they are connected, each with the processes that the question is about
 */
public record Explain(Subject subject, List<ExplainedCapture> captures) {
  private static final int NOT_FOUND = 1;
  private static final int NOT_RUNNING = 3;

  public Explain {
    captures = List.copyOf(captures);
  }

  /**
   * Asks the receiver.
   *
   * @param socket on which it answers
   * @throws IOException when no Sonde runs there; says what to do
   */
  public static Explain ask(Path socket, Subject subject) throws IOException {
    try (ExplainClient client = new ExplainClient(socket)) {
      Map<String, ExplainedCapture> captures = new LinkedHashMap<>();
      for (ExplainQuestion question : subject.questions()) {
        ExplainReport report = client.ask(question);
        report
            .getCapturesList()
            .forEach(capture -> captures.merge(capture.getId(), capture, Explain::both));
      }
      return new Explain(subject, List.copyOf(captures.values()));
    }
  }

  /** Of a capture that was asked twice; a process may be in both answers. */
  private static ExplainedCapture both(ExplainedCapture one, ExplainedCapture other) {
    if (!one.hasAnswer() || !other.hasAnswer()) {
      return one.hasAnswer() ? one : other;
    }
    Map<Integer, ExplainedProcess> processes = new LinkedHashMap<>();
    one.getAnswer().getProcessesList().forEach(process -> processes.put(process.getPid(), process));
    other
        .getAnswer()
        .getProcessesList()
        .forEach(process -> processes.putIfAbsent(process.getPid(), process));
    ExplainedCapture.Builder both =
        one.toBuilder()
            .setAnswer(
                ExplainAnswer.newBuilder()
                    .addAllProcesses(processes.values())
                    .setMore(one.getAnswer().getMore() + other.getAnswer().getMore()));
    other.getSeenList().stream()
        .filter(seen -> one.getSeenList().stream().noneMatch(s -> s.getPid() == seen.getPid()))
        .forEach(both::addSeen);
    return both.build();
  }

  /** All processes that were found. */
  List<ExplainedProcess> processes() {
    List<ExplainedProcess> processes = new ArrayList<>();
    captures.forEach(capture -> processes.addAll(capture.getAnswer().getProcessesList()));
    return processes;
  }

  boolean anybodyAnswered() {
    return captures.stream().anyMatch(ExplainedCapture::hasAnswer);
  }

  /** 0 something was found, 1 nothing, 3 there was nobody to look. */
  public int exitCode() {
    if (!anybodyAnswered()) {
      return NOT_RUNNING;
    }
    return processes().isEmpty() ? NOT_FOUND : 0;
  }

  /** For people. */
  public String text() {
    return ExplainText.of(this);
  }

  /** For scripts. */
  public String json() {
    return ExplainJson.of(this);
  }
}
