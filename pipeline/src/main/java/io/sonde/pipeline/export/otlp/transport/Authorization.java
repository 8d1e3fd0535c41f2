package io.sonde.pipeline.export.otlp.transport;

import io.sonde.pipeline.OtlpConfig.Auth;
import io.sonde.pipeline.OtlpConfig.Basic;
import io.sonde.pipeline.OtlpConfig.Bearer;
import io.sonde.pipeline.OtlpConfig.BearerFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Base64;
import java.util.Optional;

/** The value of the {@code Authorization} header. For one thread. */
final class Authorization {
  private final Optional<Path> file;
  private Optional<String> value = Optional.empty();
  private BasicFileAttributes version;

  private Authorization(Optional<Path> file) {
    this.file = file;
  }

  static Authorization of(Auth auth) {
    Authorization authorization =
        new Authorization(
            auth instanceof BearerFile bearer ? Optional.of(bearer.file()) : Optional.empty());
    if (auth instanceof Basic basic) {
      byte[] pair = (basic.username() + ":" + basic.password()).getBytes(StandardCharsets.UTF_8);
      authorization.value = Optional.of("Basic " + Base64.getEncoder().encodeToString(pair));
    } else if (auth instanceof Bearer bearer) {
      authorization.value = Optional.of("Bearer " + bearer.token());
    }
    return authorization;
  }

  /**
   * Empty when the endpoint wants none.
   *
   * @throws IOException when the file with the token cannot be read; the message names it
   */
  Optional<String> value() throws IOException {
    if (file.isPresent()) {
      readIfChanged(file.get());
    }
    return value;
  }

  private void readIfChanged(Path token) throws IOException {
    try {
      BasicFileAttributes now = Files.readAttributes(token, BasicFileAttributes.class);
      if (isSame(now)) {
        return;
      }
      String text = Files.readString(token).strip();
      if (text.isEmpty() || text.chars().anyMatch(c -> c <= ' ' || c > '~')) {
        throw new IOException("it must hold one token of printable ASCII characters");
      }
      value = Optional.of("Bearer " + text);
      version = now;
    } catch (IOException e) {
      throw new IOException(
          "auth.bearer_token_file: "
              + token
              + " cannot be used ("
              + Remark.of(ConnectFailure.deepest(e))
              + "): put the token there, readable for Sonde's user",
          e);
    }
  }

  /** Secrets of Kubernetes are replaced by links to other files: the key tells these apart. */
  private boolean isSame(BasicFileAttributes now) {
    return version != null
        && now.size() == version.size()
        && now.lastModifiedTime().equals(version.lastModifiedTime())
        && java.util.Objects.equals(now.fileKey(), version.fileKey());
  }
}
