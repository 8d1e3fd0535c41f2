package io.sonde.launcher;

import io.sonde.contract.doctor.Finding;
import io.sonde.launcher.config.ConfigReader;
import io.sonde.launcher.config.ConfigurationException;
import io.sonde.launcher.config.Half;
import io.sonde.launcher.config.SondeConfig;
import io.sonde.launcher.doctor.Doctor;
import io.sonde.launcher.doctor.Report;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "doctor",
    description = {
      "Looks at whether Sonde can work here: kernel, rights, libraries, configuration, sockets,"
          + " ports and collectors. What is not as it should be comes with its cost and its remedy."
          + " As root it can tell more; it changes nothing."
    },
    footer = {
      "",
      "Exit codes: 0 all is well, 5 as far as can be told from here, 4 a part does not work,",
      "2 the configuration is wrong, 3 something else that sonde run fails for."
    })
final class DoctorCommand implements Callable<Integer> {
  @Mixin private ConfigFileOption config;

  @Option(names = "--json", description = "As JSON, for scripts.")
  private boolean json;

  @Option(names = "--findings", hidden = true)
  private boolean findings;

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<Finding> all = new ArrayList<>();
    if (findings) {
      all.addAll(fromScript());
    }
    List<Finding> configuration = new ArrayList<>();
    all.addAll(Doctor.look(configuration, read(configuration)));
    Report report = new Report(all);
    Output.print(json ? report.json() : report.text());
    return report.exitCode();
  }

  /** What bin/sonde and the privileged half have found, on standard input. */
  private static List<Finding> fromScript() throws IOException {
    List<Finding> found = new ArrayList<>();
    boolean ended = false;
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      Finding.parse(line).ifPresent(found::add);
      ended |= line.equals("end");
    }
    if (!ended) {
      found.add(
          Finding.couldNotTell(
              "host",
              "looking at the host ended before its end; standard error may say why",
              "try again as root: sudo sonde doctor"));
    }
    return found;
  }

  /** Null when it cannot be read at all. */
  private SondeConfig read(List<Finding> findings) {
    List<String> warnings = new ArrayList<>();
    try {
      SondeConfig read = read(EnumSet.allOf(Half.class), warnings);
      findings.addAll(
          warnings.stream()
              .map(w -> Finding.degraded("configuration", w, "it has no effect", ""))
              .toList());
      if (findings.isEmpty()) {
        findings.add(Finding.ok("configuration", "it is valid"));
      }
      return read;
    } catch (ConfigurationException e) {
      e.problems()
          .forEach(
              problem ->
                  findings.add(
                      Finding.failed("configuration", problem, "sonde run ends at once", "")));
    }
    try {
      return read(EnumSet.noneOf(Half.class), warnings); // perhaps it but selects nothing
    } catch (ConfigurationException e) {
      return null;
    }
  }

  private SondeConfig read(Set<Half> halves, List<String> warnings) throws ConfigurationException {
    return ConfigReader.read(
        config.file(), ConfigFileOption.defaultFile(), System.getenv(), halves, warnings);
  }
}
