package io.sonde.server;

import io.sonde.contract.v1.ExplainAnswer;
import io.sonde.contract.v1.ExplainQuestion;
import io.sonde.contract.v1.ExplainReport;
import io.sonde.contract.v1.ExplainRequest;
import io.sonde.contract.v1.ExplainedCapture;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Questions that wait for the captures' answers. What a capture says, its session completes with
 * what the pipeline has seen. Pipeline thread only.
 */
final class Explanations {
  /** A capture looks for questions every 15 ms; one that is busy or stopped is not waited for. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** Asked by people: more at a time are a mistake. */
  private static final int MAX_OPEN = 16;

  private final PipelineThread pipelineThread;
  private final Map<Long, Question> open = new HashMap<>();
  private long lastId;

  Explanations(PipelineThread pipelineThread) {
    this.pipelineThread = pipelineThread;
  }

  private static final class Question {
    private final Map<Session, ExplainAnswer> answers = new HashMap<>();
    private final List<Session> asked;
    private final Consumer<ExplainReport> asker;

    Question(List<Session> asked, Consumer<ExplainReport> asker) {
      this.asked = asked;
      this.asker = asker;
    }

    void tell() {
      ExplainReport.Builder report = ExplainReport.newBuilder();
      for (Session session : asked) {
        ExplainedCapture.Builder capture = session.explained();
        ExplainAnswer answer = answers.get(session);
        if (answer != null) {
          capture.setAnswer(answer);
          answer
              .getProcessesList()
              .forEach(process -> session.seen(process.getPid()).ifPresent(capture::addSeen));
        }
        report.addCaptures(capture);
      }
      asker.accept(report.build());
    }
  }

  /**
   * @param captures that are connected
   * @param asker told once, when all have answered or the time is up
   * @return false when too many questions are open
   */
  boolean ask(ExplainQuestion question, List<Session> captures, Consumer<ExplainReport> asker) {
    if (open.size() >= MAX_OPEN) {
      return false;
    }
    long id = ++lastId;
    open.put(id, new Question(captures, asker));
    captures.forEach(
        session ->
            session.ask(ExplainRequest.newBuilder().setId(id).setQuestion(question).build()));
    finishIfComplete(id);
    pipelineThread.schedule(() -> finish(id), PATIENCE);
    return true;
  }

  /** An answer that nobody waits for any more is dropped. */
  void answered(Session session, ExplainAnswer answer) {
    Question question = open.get(answer.getId());
    if (question != null) {
      question.answers.put(session, answer);
      finishIfComplete(answer.getId());
    }
  }

  private void finishIfComplete(long id) {
    Question question = open.get(id);
    if (question.answers.keySet().containsAll(question.asked)) {
      finish(id);
    }
  }

  private void finish(long id) {
    Question question = open.remove(id);
    if (question != null) {
      question.tell();
    }
  }
}
