package io.sonde.probes.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.StringReader;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaptureOptionsTest {
  private static Optional<CaptureOptions> read(String text) throws Exception {
    return CaptureOptions.read(new BufferedReader(new StringReader(text)));
  }

  @Test
  void rulesMayBeRepeatedAndDefaultsHold() throws Exception {
    CaptureOptions options =
        read("socket=/run/s\nopen_port=80,8000-8002\nexe_glob=*/nginx\nexe_regex=.*java.*\ntarget_pid=7\nend\n")
            .orElseThrow();
    assertThat(options.selection().ports())
        .containsExactly(new PortRange(80, 80), new PortRange(8000, 8002));
    assertThat(options.selection().selectsExecutable("/usr/sbin/nginx")).isTrue();
    assertThat(options.selection().selectsExecutable("/opt/java/bin/java")).isTrue();
    assertThat(options.selection().selectsExecutable("/bin/sh")).isFalse();
    assertThat(options.selection().selectsPid(7)).isTrue();
    assertThat(options.requestBytes()).isEqualTo(4096);
    assertThat(options.ringBytes()).isEqualTo(4 * 1024 * 1024);
  }

  @Test
  void inputThatEndsBeforeEndIsNoConfiguration() throws Exception {
    assertThat(read("socket=/run/s\n")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          open_port=0          | 'open_port=0: ''0'' is not a port (1..65535)'
          open_port=90-80      | 'open_port=90-80: 90-80 is an empty range'
          ring_bytes=100000    | ring_bytes=100000: expected a power of two, e.g. 4194304
          request_bytes=9000   | request_bytes=9000: expected a number from 64 to 8192
          target_pid=x         | target_pid=x: expected a number from 1 to 2147483647
          exe_regex=(          | 'exe_regex=(: Unclosed group'
          exe_glob={a          | exe_glob={a: unbalanced brackets or braces
          log_level=LOUD       | log_level=LOUD: expected DEBUG, INFO, WARN or ERROR
          log_format=XML       | log_format=XML: expected TEXT or JSON
          colour=red           | unknown option 'colour'
          nonsense             | option line 'nonsense' is not of the form key=value
          """)
  void anErrorNamesTheOptionAndWhatIsExpected(String line, String message) {
    assertThatThrownBy(() -> read("socket=/run/s\n" + line + "\nend\n"))
        .isInstanceOf(OptionException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          */nginx           | /usr/sbin/nginx     | true
          *nginx            | /usr/sbin/nginx2    | false
          /opt/{a,b}/srv    | /opt/b/srv          | true
          /opt/{a,b}/srv    | /opt/c/srv          | false
          */python3.?       | /usr/bin/python3.9  | true
          */[!n]ode         | /usr/bin/node       | false
          /a.b              | /axb                | false
          """)
  void globsMatchAsBeylasDo(String glob, String path, boolean matches) throws Exception {
    assertThat(Glob.compile(glob).matcher(path).matches()).isEqualTo(matches);
  }
}
