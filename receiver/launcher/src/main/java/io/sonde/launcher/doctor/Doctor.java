package io.sonde.launcher.doctor;

import io.sonde.contract.doctor.Finding;
import io.sonde.launcher.config.SondeConfig;
import java.util.ArrayList;
import java.util.List;

/** Looks at everything that the receiver needs. */
public final class Doctor {
  private static final String NOT_READ = "the configuration has to be corrected first";

  private Doctor() {}

  /**
   * @param configuration what reading the configuration has shown
   * @param config null when there is none to go by
   */
  public static List<Finding> look(List<Finding> configuration, SondeConfig config)
      throws InterruptedException {
    List<Finding> findings = new ArrayList<>();
    findings.add(
        Finding.ok(
            "java", "Java " + Runtime.version() + " of " + System.getProperty("java.vendor")));
    findings.addAll(configuration);
    if (config == null) {
      for (String check : List.of("socket", "port", "queue", "collector")) {
        findings.add(Finding.couldNotTell(check, NOT_READ, "see configuration"));
      }
      return findings;
    }
    findings.add(SocketCheck.look(config.receiver().socket()));
    ListenPort.of(config.pipeline()).forEach(port -> findings.add(PortCheck.look(port)));
    findings.addAll(QueueCheck.look(config.pipeline()));
    findings.addAll(CollectorCheck.look(config.pipeline()));
    return findings;
  }
}
