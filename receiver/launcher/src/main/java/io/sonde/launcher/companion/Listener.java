package io.sonde.launcher.companion;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * An OTLP server that a collector must run for Sonde to reach it.
 *
 * @param name of the component: unique in one {@link Intake}
 * @param traces whether Sonde sends spans there
 * @param metrics whether Sonde sends metrics there
 * @param protocol what is spoken
 * @param address where to listen
 * @param paths of a signal whose path is not the usual one, by the setting that says so
 * @param tls whether Sonde speaks TLS
 * @param clientCertificate whether Sonde shows a certificate
 * @param auth what Sonde authenticates itself with
 */
record Listener(
    String name,
    boolean traces,
    boolean metrics,
    Protocol protocol,
    Address address,
    Map<String, String> paths,
    boolean tls,
    boolean clientCertificate,
    Auth auth) {

  // What may not be printed, or is not known here, by the variable that is to hold it.
  static final String CERT_FILE = "SONDE_OTLP_CERT_FILE";
  static final String KEY_FILE = "SONDE_OTLP_KEY_FILE";
  static final String CLIENT_CA_FILE = "SONDE_OTLP_CLIENT_CA_FILE";
  static final String USER = "SONDE_OTLP_USER";
  static final String PASSWORD = "SONDE_OTLP_PASSWORD";
  static final String TOKEN = "SONDE_OTLP_TOKEN";

  /** Whether one server can be both. */
  boolean samePlace(Listener other) {
    return protocol == other.protocol
        && address.equals(other.address)
        && tls == other.tls
        && clientCertificate == other.clientCertificate
        && auth == other.auth;
  }

  Listener named(String other) {
    return new Listener(
        other, traces, metrics, protocol, address, paths, tls, clientCertificate, auth);
  }

  Listener withMetrics(Map<String, String> pathsOfBoth) {
    return new Listener(
        name, traces, true, protocol, address, pathsOfBoth, tls, clientCertificate, auth);
  }

  /** By the name of the receiver's block. */
  enum Protocol {
    GRPC("grpc"),
    HTTP("http");

    final String block;

    Protocol(String block) {
      this.block = block;
    }
  }

  enum Auth {
    NONE(List.of()),
    BASIC(List.of(USER, PASSWORD)),
    BEARER(List.of(TOKEN));

    final List<String> variables;

    Auth(List<String> variables) {
      this.variables = variables;
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * @param transport {@code tcp} or {@code unix}
   * @param endpoint host:port, the path of a socket, or the name of an abstract one behind an @
   */
  record Address(String transport, String endpoint) {
    static final String UNIX = "unix";

    boolean unix() {
      return transport.equals(UNIX);
    }
  }
}
