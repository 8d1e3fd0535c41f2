package io.sonde.launcher;

import io.sonde.contract.RecordLayout;
import picocli.CommandLine.Command;

/** Which Sonde this is. */
@Command(name = "version", description = "Prints the version.")
final class VersionCommand implements Runnable {
  @Override
  public void run() {
    System.out.printf(
        "sonde %s (record layout %d, Java %s)%n",
        version(), RecordLayout.LAYOUT_VERSION, Runtime.version());
  }

  /** From the jar's manifest; there is none when run from class files. */
  private static String version() {
    String version = VersionCommand.class.getPackage().getImplementationVersion();
    return version == null ? "(unpackaged)" : version;
  }
}
