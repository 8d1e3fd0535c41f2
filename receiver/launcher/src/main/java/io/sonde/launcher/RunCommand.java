package io.sonde.launcher;

import picocli.CommandLine.Command;

/** As this process sees it, a receiver; bin/sonde starts a capture beside it. */
@Command(name = "run", description = "Capture and receive in one, supervised; needs root.")
final class RunCommand extends ReceiveCommand {}
