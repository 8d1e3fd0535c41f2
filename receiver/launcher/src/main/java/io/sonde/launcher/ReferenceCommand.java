package io.sonde.launcher;

import io.sonde.launcher.config.Reference;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;

/** How conf/sonde.conf is made. */
@Command(
    name = "reference",
    hidden = true,
    description = "Prints the commented reference of all configuration keys.")
final class ReferenceCommand implements Runnable {
  @Override
  public void run() {
    System.out.writeBytes(Reference.text().getBytes(StandardCharsets.UTF_8));
  }
}
