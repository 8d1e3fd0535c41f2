package io.sonde.probes.doctor;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Prints what it finds on standard output, a line each. Ends with 0 whatever that is. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Host host = new Host(Path.of("/"));
    CapabilityCheck capabilities = new CapabilityCheck(host);
    List<Check> checks =
        List.of(
            new KernelCheck(host),
            capabilities,
            new NamespaceCheck(host),
            new ProbeCheck(host, capabilities.mayLoad()),
            new TlsCheck(host, capabilities.mayLoad()),
            new ResourceCheck(host));
    checks.forEach(check -> check.look().forEach(finding -> out.println(finding.line())));
    out.println("end");
  }
}
