package io.sonde.pipeline;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How one signal gets to an OTLP endpoint.
 *
 * @param headers sent with every request; may hold secrets, never logged
 * @param timeout of one attempt, from connecting to the answer
 * @param gzip whether requests are compressed
 * @param maxRequestBytes of an encoded request before compression; larger ones are split
 * @param parkedFor how long an endpoint that does not know the signal is left alone
 */
public record OtlpConfig(
    Protocol protocol,
    OtlpAddress endpoint,
    Map<String, String> headers,
    Auth auth,
    Tls tls,
    Duration timeout,
    boolean gzip,
    int maxRequestBytes,
    Backoff backoff,
    Duration parkedFor,
    Queue queue) {

  /** OTLP transport, by the names of OTEL_EXPORTER_OTLP_PROTOCOL. */
  public enum Protocol {
    GRPC,
    HTTP_PROTOBUF
  }

  /** What goes into the {@code Authorization} header. */
  public sealed interface Auth {}

  /** Nothing, unless it is among the headers. */
  public record NoAuth() implements Auth {}

  /** RFC 7617. */
  public record Basic(String username, String password) implements Auth {
    @Override
    public String toString() {
      return "basic";
    }
  }

  /** RFC 6750. */
  public record Bearer(String token) implements Auth {
    @Override
    public String toString() {
      return "bearer";
    }
  }

  /** RFC 6750, the token read from a file again whenever that changes. */
  public record BearerFile(Path file) implements Auth {}

  /**
   * PEM files; used when the endpoint speaks TLS.
   *
   * @param ca instead of the JDK's certificate authorities
   * @param certificate shown to the endpoint, its chain included; only together with {@code key}
   * @param key PKCS #8, without a password
   * @param skipVerify accepts whoever answers
   * @param serverName expected in the endpoint's certificate instead of the host
   */
  public record Tls(
      Optional<Path> ca,
      Optional<Path> certificate,
      Optional<Path> key,
      boolean skipVerify,
      Optional<String> serverName) {}

  /**
   * Between two attempts.
   *
   * @param maxElapsed after which a request is given up; zero: never, the queue's bound decides
   */
  public record Backoff(Duration initial, Duration max, Duration maxElapsed) {}

  /**
   * What waits for the endpoint.
   *
   * @param directory where it is kept on disk, in a directory of the signal's name; empty: in
   *     memory
   * @param maxBytes there
   */
  public record Queue(Optional<Path> directory, long maxBytes) {}

  /** Without anything that may be secret. */
  @Override
  public String toString() {
    return protocol + " " + endpoint;
  }
}
