package io.sonde.launcher.config;

import static io.sonde.launcher.config.EnvironmentVariable.sonde;

import java.nio.file.Path;
import java.util.List;

/** Where the halves meet. */
final class ReceiverKeys {
  static final Option<Path> SOCKET =
      Option.of(
          "receiver.socket",
          TextTypes.FILE,
          "\"/run/sonde/capture.sock\"",
          "The Unix socket on which the receiver listens and to which the capture process"
              + " connects.",
          sonde("SOCKET"));

  static final Option<List<Integer>> ALLOWED_UIDS =
      Option.of(
          "receiver.allowed_uids",
          NumberTypes.NUMBERS,
          "[]",
          "Users whose processes may feed the receiver, beside root and the receiver's own user.");

  /** In the order of the reference file. */
  static final List<Option<?>> ALL = List.of(SOCKET, ALLOWED_UIDS);

  private ReceiverKeys() {}
}
