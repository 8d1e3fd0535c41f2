package io.sonde.pipeline.export.otlp.queue;

import io.sonde.pipeline.export.otlp.request.Signal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A process of its own that fills a queue, and empties it at half that speed, until it is killed;
 * says {@code offered N} and {@code removed N} once that has happened.
 */
final class QueueProcess {
  static final long CAPACITY = 1L << 30;
  static final int REFUSED = 3;

  private QueueProcess() {}

  static Process start(Path directory, int firstNumber) throws IOException {
    String java = ProcessHandle.current().info().command().orElseThrow();
    return new ProcessBuilder(
            List.of(
                java,
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                QueueProcess.class.getName(),
                directory.toString(),
                Integer.toString(firstNumber)))
        .start();
  }

  public static void main(String[] args) throws InterruptedException {
    try (DiskQueue queue =
        DiskQueue.open(Path.of(args[0]), Signal.TRACES, CAPACITY, new Losses())) {
      for (int i = Integer.parseInt(args[1]); !System.out.checkError(); i++) {
        queue.offer(Requests.request(i, size(i)));
        System.out.println("offered " + i);
        if (i % 2 == 0) {
          int oldest = Requests.number(queue.peek(Duration.ZERO));
          queue.remove();
          System.out.println("removed " + oldest);
        }
      }
    } catch (QueueOpenException e) {
      System.err.println(e.getMessage());
      System.exit(REFUSED);
    }
  }

  /** Often large, so that a kill is likely to meet the middle of a write. */
  private static int size(int number) {
    return number % 3 == 0 ? 300 : 400_000;
  }
}
