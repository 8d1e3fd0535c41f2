package io.sonde.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sonde.pipeline.OtlpAddress.Tcp;
import io.sonde.pipeline.OtlpAddress.UnixAbstract;
import io.sonde.pipeline.OtlpAddress.UnixFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OtlpAddressTest {
  @ParameterizedTest
  @CsvSource({
    "http://c, false, c:80, ''",
    "https://c/otlp, true, c:443, /otlp",
    "http://[::1]:4318/, false, [::1]:4318, /",
  })
  void urlsAreRead(String text, boolean tls, String target, String path) {
    OtlpAddress address = OtlpAddress.parse(text, true);
    assertThat(address.tls()).isEqualTo(tls);
    assertThat(address.target()).hasToString(target);
    assertThat(address.path()).isEqualTo(path);
    assertThat(address).hasToString(text);
  }

  @Test
  void theCollectorsHostAndPortIsTlsUnlessInsecure() {
    assertThat(OtlpAddress.parse("c:4317", false))
        .isEqualTo(new OtlpAddress(new Tcp("c", 4317), true, ""));
    assertThat(OtlpAddress.parse("[::1]:4317", true))
        .isEqualTo(new OtlpAddress(new Tcp("[::1]", 4317), false, ""));
  }

  @Test
  void unixSocketsAreReadUpToTheLengthThatTheKernelTakes() {
    assertThat(OtlpAddress.parse("unix:///run/otlp.sock", false))
        .isEqualTo(new OtlpAddress(new UnixFile("/run/otlp.sock"), false, ""));
    String longest = "x".repeat(107);
    assertThat(OtlpAddress.parse("unix://@" + longest, false).target())
        .isEqualTo(new UnixAbstract(longest));
    assertThatThrownBy(() -> OtlpAddress.parse("unix://@x" + longest, false))
        .hasMessage("the name of a Unix socket has at most 107 bytes, this one has 108");
    assertThatThrownBy(() -> OtlpAddress.parse("unix:///" + "ä".repeat(54), false))
        .hasMessageContaining("this one has 109");
  }

  @ParameterizedTest
  @CsvSource({
    "ftp://c, its scheme is none of",
    "unix://otlp.sock, after unix:// comes",
    "unix://@, the socket has no name",
    "http://u:s3cret@c, a user name belongs in auth.basic",
    "c:0, a port is a number",
    "http://c:70000, a port is a number",
    "http://c/?token=s3cret, it ends with ? or #",
  })
  void whatIsWrongIsSaidWithoutRepeatingWhatMayBeSecret(String text, String message) {
    assertThatThrownBy(() -> OtlpAddress.parse(text, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("s3cret");
  }
}
