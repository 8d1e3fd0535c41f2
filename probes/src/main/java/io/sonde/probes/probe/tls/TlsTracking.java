package io.sonde.probes.probe.tls;

import java.util.List;

/**
 * Is told which processes are observed, and hooks the TLS libraries that they use. Called by one
 * thread, which it never holds up, except for {@link #explain}.
 */
public interface TlsTracking extends AutoCloseable {
  /** For a capture that is told to leave TLS alone, or cannot read it. */
  TlsTracking OFF =
      new TlsTracking() {
        @Override
        public void selected(int pid) {}

        @Override
        public void executed(int pid) {}

        @Override
        public void forked(int child, int parent) {}

        @Override
        public void expectPrograms(boolean expected) {}

        @Override
        public void left(int pid) {}

        @Override
        public void unwanted(int pid) {}

        @Override
        public void seen(int pid) {}

        @Override
        public List<TlsReport> explain(int pid) {
          return List.of();
        }

        @Override
        public long unreadable() {
          return 0;
        }

        @Override
        public void close() {}
      };

  /** A process that runs is observed from now on, or has done something that may concern TLS. */
  void selected(int pid);

  /** An observed process has executed a new program. */
  void executed(int pid);

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

  /** It is observed, but its TLS is not to be read. */
  void unwanted(int pid);

  /** An observed process speaks TLS, by nothing that is hooked. */
  void seen(int pid);

  /** What is known of the process's TLS now; waits for that, a second at most. */
  List<TlsReport> explain(int pid);

  /** How many processes have spoken TLS that cannot be read. */
  long unreadable();

  /** Leaves all files. */
  @Override
  void close();
}
