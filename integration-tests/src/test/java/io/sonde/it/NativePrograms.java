package io.sonde.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Servers in Rust and C++: built once per machine, then kept under the user's cache folder. */
final class NativePrograms {
  private static final int RUST = 82;

  /** From nothing, on a machine of two cores that has other things to do. */
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  private static final Path HERE = Path.of(System.getProperty("java.io.tmpdir"));

  private NativePrograms() {}

  /**
   * axum on hyper and tokio, without symbols.
   *
   * @return path of the executable
   */
  static String rustServer() {
    Matcher version =
        Pattern.compile("cargo 1\\.(\\d+)").matcher(Program.run(HERE, "cargo", "--version"));
    assumeTrue(
        version.find() && Integer.parseInt(version.group(1)) >= RUST,
        "skipped: axum needs Rust 1." + RUST + ", this machine has older");
    return build("rust-server");
  }

  /**
   * cpp-httplib, without symbols.
   *
   * @return path of the executable
   */
  static String cppServer() {
    return build("cpp-server");
  }

  /**
   * gRPC's C++ library, without symbols.
   *
   * @return path of the executable
   */
  static String grpcCpp() {
    return build("../grpc/grpc-cpp");
  }

  private static String build(String server) {
    return Program.run(PATIENCE, HERE, Paths.server("build"), server).strip();
  }
}
