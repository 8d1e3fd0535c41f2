package io.sonde.pipeline.export.otlp.transport;

import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.ssl.NotSslRecordException;
import io.sonde.pipeline.OtlpAddress;
import io.sonde.pipeline.OtlpAddress.UnixAbstract;
import io.sonde.pipeline.OtlpAddress.UnixFile;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** Says why there is no connection, and what to do about it. */
final class ConnectFailure {
  private ConnectFailure() {}

  static String describe(OtlpAddress endpoint, Throwable failure) {
    String reason = deepest(failure);
    String lower = reason.toLowerCase(Locale.ROOT);
    if (endpoint.target() instanceof UnixFile file) {
      return atFile(file, reason, lower);
    }
    if (lower.contains("connection refused")) {
      return "nobody listens on "
          + endpoint.target()
          + (endpoint.target() instanceof UnixAbstract
              ? " in this network namespace: start the collector, in the same one (the same pod)"
              : ": start the collector, or correct the endpoint");
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof NotSslRecordException) {
        return endpoint + " does not speak TLS: write http:// for it, or tls.insecure = true";
      }
      if (cause instanceof Http2Exception) {
        return endpoint + " does not speak gRPC: set protocol = http/protobuf, or correct the port";
      }
      if (cause instanceof UnknownHostException) {
        return "the host of " + endpoint + " is not known to the resolver";
      }
      if (cause instanceof SSLException) {
        return "no TLS connection to " + endpoint + ": " + Remark.of(reason) + tlsRemedy(lower);
      }
    }
    return "no connection to " + endpoint + ": " + Remark.of(reason);
  }

  private static String atFile(UnixFile file, String reason, String lower) {
    Path path = Path.of(file.path());
    if (Files.notExists(path)) {
      return "there is no socket " + path + ": start the collector, or correct the endpoint";
    }
    if (lower.contains("permission denied")) {
      return "Sonde's user ("
          + System.getProperty("user.name")
          + ") may not connect to "
          + path
          + ": give it write permission (chmod or setfacl; collectors create the socket 0755) and"
          + " leave to enter the directories above, run both as one user, or use unix://@name";
    }
    if (lower.contains("connection refused")) {
      return path
          + " exists, but nobody listens: a collector that was killed leaves it, and the next one"
          + " cannot listen while it is there; remove the file and restart the collector";
    }
    return "no connection to " + path + ": " + Remark.of(reason);
  }

  /** By the words of the JDK's TLS; empty where they are other. */
  private static String tlsRemedy(String reason) {
    if (reason.contains("unable to find valid certification path")) {
      return " (set tls.ca_file to the certificate of its authority)";
    }
    if (reason.contains("no subject alternative") || reason.contains("no name matching")) {
      return " (correct the endpoint, or set tls.server_name_override)";
    }
    if (reason.contains("certificate_required") || reason.contains("bad_certificate")) {
      return " (it wants a certificate of ours: set tls.cert_file and tls.key_file)";
    }
    return "";
  }

  /** The first cause: those after it only say that something failed. */
  static String deepest(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof NoSuchFileException) { // whose message is but the path
      return "there is no such file";
    }
    if (cause instanceof AccessDeniedException) {
      return "permission denied";
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }
}
