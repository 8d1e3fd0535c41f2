package io.sonde.probes.probe.files;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Is told which processes are observed, and hooks the files that they use. Called by one thread,
 * which it never holds up, except for {@link #explain}.
 */
public interface FileTracking extends AutoCloseable {
  /** For a capture that has nothing to hook in programs, or is told to leave them alone. */
  FileTracking OFF =
      new FileTracking() {
        @Override
        public void selected(int pid, boolean tls) {}

        @Override
        public void executed(int pid, boolean tls) {}

        @Override
        public void forked(int child, int parent) {}

        @Override
        public void expectPrograms(boolean expected) {}

        @Override
        public void left(int pid) {}

        @Override
        public void seen(int pid) {}

        @Override
        public CompletableFuture<Void> lookedAt() {
          return CompletableFuture.completedFuture(null);
        }

        @Override
        public List<FileReport> explain(int pid) {
          return List.of();
        }

        @Override
        public long unreadable() {
          return 0;
        }

        @Override
        public void close() {}
      };

  /**
   * A process that runs is observed from now on, or has done something that may concern its files.
   *
   * @param tls whether its TLS is to be read
   */
  void selected(int pid, boolean tls);

  /**
   * An observed process has executed a new program.
   *
   * @param tls whether its TLS is to be read
   */
  void executed(int pid, boolean tls);

  /**
   * Whether programs of the host may be observed from their start on. Then those of its libraries
   * that are cheap to hook are hooked all the time: a program like curl is done before it could be
   * reacted to.
   */
  void expectPrograms(boolean expected);

  /** An observed process has a child, which is observed too. */
  void forked(int child, int parent);

  /** It has ended, or is not observed any more; it may never have been. */
  void left(int pid);

  /** An observed process speaks TLS, by nothing that is hooked. */
  void seen(int pid);

  /** Done when what it was told until now has been acted upon. */
  CompletableFuture<Void> lookedAt();

  /** What is known of the process's files now; waits for that, a second at most. */
  List<FileReport> explain(int pid);

  /** How many processes have spoken TLS that cannot be read. */
  long unreadable();

  /** Leaves all files. */
  @Override
  void close();
}
