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
  void rulesKeepTheirOrderAndDefaultsHold() throws Exception {
    CaptureOptions options =
        read("""
                socket=/run/s
                instrument=discovery.instrument[0]#1a
                with.open_ports=80,8000-8002
                with.exe_path=*/nginx
                exclude=discovery.exclude_instrument[0]#2b
                with.cmd_args=*--debug*
                instrument=discovery.instrument[1]#3c
                with.target_pids=7,9
                end
                """)
            .orElseThrow();
    Selection selection = options.selection();
    assertThat(selection.instrument())
        .extracting(Rule::id)
        .containsExactly("discovery.instrument[0]#1a", "discovery.instrument[1]#3c");
    assertThat(selection.instrument().get(0).key()).isEqualTo("discovery.instrument[0]");
    assertThat(selection.instrument().get(0).criteria())
        .extracting(Criterion::name)
        .containsExactly("open_ports", "exe_path");
    assertThat(selection.instrument().get(0).ports())
        .containsExactly(new PortRange(80, 80), new PortRange(8000, 8002));
    assertThat(selection.instrument().get(1).pids()).containsExactlyInAnyOrder(7, 9);
    assertThat(selection.exclude())
        .singleElement()
        .extracting(Rule::id)
        .isEqualTo("discovery.exclude_instrument[0]#2b");
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
          with.open_ports=0    | 'open_ports=0: ''0'' is not a port (1..65535)'
          with.open_ports=90-80 | 'open_ports=90-80: 90-80 is an empty range'
          ring_bytes=100000    | ring_bytes=100000: expected a power of two, e.g. 4194304
          request_bytes=9000   | request_bytes=9000: expected a number from 64 to 8192
          with.target_pids=x   | 'target_pids=x: expected process ids, as 17,4711'
          with.exe_path_regexp=( | 'exe_path_regexp=(: Unclosed group'
          with.exe_path={a     | 'exe_path={a: unbalanced brackets or braces'
          with.colour=red      | unknown criterion 'colour' of rule r#1
          exclude=s#2          | 'rule s#2 has no criterion, so it would match everything'
          tls=yes              | tls=yes: expected on or off
          set.tls=no           | set.tls=no: expected on or off
          log_level=LOUD       | log_level=LOUD: expected DEBUG, INFO, WARN or ERROR
          log_format=XML       | log_format=XML: expected TEXT or JSON
          colour=red           | unknown option 'colour'
          nonsense             | option line 'nonsense' is not of the form key=value
          """)
  void anErrorNamesTheOptionAndWhatIsExpected(String line, String message) {
    assertThatThrownBy(
            () -> read("socket=/run/s\ninstrument=r#1\nwith.exe_path=/a\n" + line + "\nend\n"))
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
    assertThat(Glob.compile("exe_path", glob).matcher(path).matches()).isEqualTo(matches);
  }
}
