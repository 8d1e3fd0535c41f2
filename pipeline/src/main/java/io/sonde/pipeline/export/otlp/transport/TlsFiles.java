package io.sonde.pipeline.export.otlp.transport;

import io.netty.handler.ssl.SslContext;
import io.sonde.pipeline.OtlpConfig;
import io.sonde.pipeline.export.otlp.OtlpStartException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * What TLS needs, made of files that are read again when one of them changes: certificates run out
 * and are renewed while Sonde runs. Where the new ones cannot be used, the old ones are until they
 * can. For one thread.
 */
final class TlsFiles {
  private static final Logger LOG = Logger.getLogger(TlsFiles.class.getName());

  private final OtlpConfig config;
  private final List<Path> files;
  private Map<Path, FileVersion> versions;
  private SslContext context;

  private TlsFiles(OtlpConfig config) throws OtlpStartException {
    this.config = config;
    this.files =
        Stream.of(config.tls().ca(), config.tls().certificate(), config.tls().key())
            .flatMap(Optional::stream)
            .toList();
    this.versions = versions();
    this.context = TlsMaterial.load(config);
  }

  /**
   * @throws OtlpStartException when a file cannot be used; the message names it
   */
  static TlsFiles load(OtlpConfig config) throws OtlpStartException {
    return new TlsFiles(config);
  }

  /** The same as long as the files are. */
  SslContext context() {
    Map<Path, FileVersion> now = versions();
    if (!now.equals(versions)) {
      versions = now;
      try {
        context = TlsMaterial.load(config);
        LOG.info(() -> "The TLS files for " + config.endpoint() + " have changed and are in use");
      } catch (OtlpStartException e) {
        LOG.log(
            Level.WARNING,
            () ->
                "The TLS files for "
                    + config.endpoint()
                    + " have changed, but those from before stay in use: "
                    + e.getMessage());
      }
    }
    return context;
  }

  /** Without those that are not there: files are replaced one after the other. */
  private Map<Path, FileVersion> versions() {
    Map<Path, FileVersion> all = new HashMap<>();
    for (Path file : files) {
      try {
        all.put(file, FileVersion.of(file));
      } catch (IOException e) {
        LOG.log(Level.FINE, e, () -> file + " cannot be looked at");
      }
    }
    return all;
  }
}
