package io.sonde.pipeline.export.otlp.transport;

import io.sonde.pipeline.OtlpConfig.Auth;
import io.sonde.pipeline.OtlpConfig.Basic;
import io.sonde.pipeline.OtlpConfig.Bearer;
import io.sonde.pipeline.OtlpConfig.BearerFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/** The value of the {@code Authorization} header. For one thread. */
final class Authorization {
  private final Optional<Path> file;
  private Optional<String> value = Optional.empty();
  private FileVersion version;

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
      FileVersion now = FileVersion.of(token);
      if (now.equals(version)) {
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
}
