package io.sonde.launcher;

import io.sonde.contract.RecordLayout;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

@Command(name = "version", description = "Prints which Sonde this is.")
final class VersionCommand implements Runnable, IVersionProvider {
  @Override
  public void run() {
    Output.print(getVersion()[0] + '\n');
  }

  @Override
  public String[] getVersion() {
    String version = VersionCommand.class.getPackage().getImplementationVersion();
    return new String[] {
      "sonde %s (record layout %d, Java %s)"
          .formatted(
              version == null ? "(unpackaged)" : version,
              RecordLayout.LAYOUT_VERSION,
              Runtime.version())
    };
  }
}
