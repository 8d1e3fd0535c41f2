package io.sonde.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** For servers on 127.0.0.1: made when it is asked for, signed by itself, gone with its folder. */
final class Certificate {
  private final Path file;
  private final Path key;
  private final Path keyStore;
  private final SSLContext trusting;

  private Certificate(Path folder) {
    this.file = folder.resolve("certificate.pem");
    this.key = folder.resolve("key.pem");
    this.keyStore = folder.resolve("keys.p12");
    openssl(
        folder,
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=127.0.0.1"
            + " -addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out certificate.pem");
    openssl(
        folder,
        "pkcs12 -export -in certificate.pem -inkey key.pem -passout pass:changeit -out keys.p12");
    this.trusting = trust(file);
  }

  static Certificate make(Path folder) {
    try {
      return new Certificate(Files.createTempDirectory(folder, "certificate"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void openssl(Path folder, String arguments) {
    Program.run(folder, ("openssl " + arguments).split(" "));
  }

  private static SSLContext trust(Path file) {
    try (var in = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry(
          "server", CertificateFactory.getInstance("X.509").generateCertificate(in));
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Of PEM, as {@link #key}. */
  Path file() {
    return file;
  }

  Path key() {
    return key;
  }

  /** Certificate and key as PKCS#12; its password is {@code changeit}. */
  Path keyStore() {
    return keyStore;
  }

  /** For our own connections. */
  SSLContext trusting() {
    return trusting;
  }

  /** By which OpenSSL's users, Go and Node trust it. */
  Map<String, String> environment() {
    return Map.of("SSL_CERT_FILE", file.toString(), "NODE_EXTRA_CA_CERTS", file.toString());
  }
}
