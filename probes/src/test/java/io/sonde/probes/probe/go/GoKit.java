package io.sonde.probes.probe.go;

import com.sun.net.httpserver.HttpServer;
import io.sonde.contract.RecordLayout;
import io.sonde.probes.probe.CapturedRecord;
import io.sonde.probes.probe.CapturedRecord.GoTold;
import io.sonde.probes.probe.ProbeKit;
import io.sonde.probes.probe.files.FileReport;
import io.sonde.probes.probe.files.FileTracking;
import io.sonde.probes.probe.files.Subject;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Hooks real Go programs, which listen somewhere and say so, and reads what they say. */
abstract class GoKit extends ProbeKit {
  private final HttpClient client = HttpClient.newHttpClient();
  protected HttpServer backend;
  private FileTracking tracking;
  private BufferedReader output;
  protected Process program;
  protected String address;

  @BeforeEach
  void track() throws Exception {
    tracking = probes.trackFiles(context);
    backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    backend.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    backend.start();
  }

  @AfterEach
  void leave() throws Exception {
    backend.stop(0);
    tracking.close();
  }

  /** Starts it with these arguments, waits until it is hooked, and selects it. */
  protected List<FileReport> observe(Path executable, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(executable.toString()));
    command.addAll(List.of(arguments));
    program = start(command.toArray(String[]::new));
    output = program.inputReader();
    address = awaitLine("listens ");
    int pid = (int) program.pid();
    tracking.selected(pid, false);
    List<FileReport> reports = reports();
    select(pid); // after that, or the first operations are of nobody that is known
    return reports;
  }

  protected List<FileReport> reports() {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> tracking.explain((int) program.pid()),
            reports -> reports.stream().anyMatch(r -> r.subject() == Subject.GOROUTINES));
  }

  /** The backend's address. */
  protected String backend() {
    return "127.0.0.1:" + backend.getAddress().getPort();
  }

  /** What follows these words on a line of the program's output. */
  protected String awaitLine(String words) throws IOException {
    String line = output.readLine();
    while (line != null && !line.startsWith(words)) {
      line = output.readLine();
    }
    if (line == null) {
      throw new AssertionError("the program has not said: " + words);
    }
    return line.substring(words.length());
  }

  protected int get(String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + path)).build();
    return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  protected List<GoTold> awaitTold(int act, int atLeast) {
    return awaitRecords(records -> told(records, act).size() >= atLeast).stream()
        .filter(r -> r.is(RecordLayout.Kind.GOROUTINE) && r.go().act() == act)
        .map(CapturedRecord::go)
        .toList();
  }

  private static List<CapturedRecord> told(List<CapturedRecord> records, int act) {
    return records.stream()
        .filter(r -> r.is(RecordLayout.Kind.GOROUTINE) && r.go().act() == act)
        .toList();
  }
}
