package io.sonde.launcher;

import picocli.CommandLine.Command;

/** The same under a name that bin/sonde does not take for itself. */
@Command(
    name = "capture-options",
    hidden = true,
    description = "Prints what a capture process reads from its standard input.")
final class CaptureOptionsCommand extends CaptureCommand {}
