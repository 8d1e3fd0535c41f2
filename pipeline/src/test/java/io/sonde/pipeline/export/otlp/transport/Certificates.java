package io.sonde.pipeline.export.otlp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An authority and what it vouches for, made by openssl in a directory. */
record Certificates(Path dir) {
  static Certificates in(Path dir) throws Exception {
    Certificates certificates = new Certificates(dir);
    certificates.openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
            + " -keyout ca.key -out ca.pem -subj /CN=authority");
    certificates.issue("server", "IP:127.0.0.1");
    certificates.issue("elsewhere", "DNS:collector.example");
    certificates.issue("client", "DNS:sonde");
    return certificates;
  }

  private void issue(String name, String subjectAlternativeName) throws Exception {
    Files.writeString(
        dir.resolve(name + ".ext"), "subjectAltName=" + subjectAlternativeName + "\n");
    openssl(
        ("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout %1$s.key -out %1$s.csr"
                + " -subj /CN=%1$s")
            .formatted(name));
    openssl(
        ("x509 -req -in %1$s.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out %1$s.pem"
                + " -extfile %1$s.ext")
            .formatted(name));
  }

  private void openssl(String arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments.split(" ")));
    Process process =
        new ProcessBuilder(command).directory(dir.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("openssl %s: %s", arguments, said).isZero();
  }

  Path ca() {
    return dir.resolve("ca.pem");
  }

  Path certificate(String name) {
    return dir.resolve(name + ".pem");
  }

  Path key(String name) {
    return dir.resolve(name + ".key");
  }
}
