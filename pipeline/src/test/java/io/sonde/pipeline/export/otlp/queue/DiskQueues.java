package io.sonde.pipeline.export.otlp.queue;

import static io.sonde.pipeline.export.otlp.queue.Requests.number;

import io.sonde.pipeline.export.otlp.request.OtlpRequest;
import io.sonde.pipeline.export.otlp.request.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What tests of queues on disk do again and again. */
final class DiskQueues {
  static final long MIB = 1 << 20;

  private DiskQueues() {}

  static DiskQueue open(Path directory, Losses losses) throws QueueOpenException {
    return DiskQueue.open(directory, Signal.TRACES, MIB, losses);
  }

  /** Offers requests numbered from 0. */
  static void fill(Path directory, int count, int bytes) throws QueueOpenException {
    try (DiskQueue queue = open(directory, new Losses())) {
      for (int i = 0; i < count; i++) {
        queue.offer(Requests.request(i, bytes));
      }
    }
  }

  /** Numbers of all requests, which are removed. */
  static List<Integer> drain(SendingQueue queue) throws InterruptedException {
    List<Integer> numbers = new ArrayList<>();
    for (OtlpRequest next = queue.peek(Duration.ZERO);
        next != null;
        next = queue.peek(Duration.ZERO)) {
      numbers.add(number(next));
      queue.remove();
    }
    return numbers;
  }

  static long items(List<Integer> numbers) {
    return numbers.stream().mapToLong(Requests::items).sum();
  }

  static List<Path> segments(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".segment")).sorted().toList();
    }
  }

  static void copy(Path from, Path to) throws IOException {
    Files.createDirectory(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }
}
