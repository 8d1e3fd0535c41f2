package io.sonde.launcher.companion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A check that cannot fail checks nothing: one fault at a time in a file that is right. */
@DisplayName("The checks of Alloy files")
class AlloyChecksTest {
  private static final String RIGHT =
      """
      // A comment.
      declare "receiver" {
      	argument "a" {
      		optional = true
      		default  = []
      	}

      	otelcol.receiver.otlp "in" {
      		grpc {
      			endpoint = "@x{"

      			// Not in a run with the one above.
      			transport = "unix"
      		}

      		output {
      			traces = argument.a.value
      		}
      	}
      }

      prometheus.scrape "b" {
      	forward_to = []
      	targets    = [{
      		__address__ = "127.0.0.1:1",
      		job         = "x",
      	}]
      	honor_labels = true
      }
      """;

  @Test
  void acceptWhatIsRight() {
    assertThat(AlloyForm.problems(RIGHT)).isEmpty();
    assertThat(AlloyNames.problems(AlloyFile.parse(RIGHT), Documented.alloy())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "default  = []|default = []|not in its column",
        "forward_to = []|forward_to  = []|not in its column",
        "job         =|job =|not in its column",
        "= true|= true |blanks at the end",
        "honor_labels|  honor_labels|indented by other than 1 tabs",
        "otelcol.receiver|\totelcol.receiver|indented by other than 1 tabs",
      })
  void seeAFaultOfLayout(String right, String wrong, String problem) {
    assertThat(AlloyForm.problems(RIGHT.replace(right, wrong))).anyMatch(p -> p.contains(problem));
  }

  @Test
  void seeBlankLinesTooManyAndTooFew() {
    assertThat(AlloyForm.problems(RIGHT + "\n")).anyMatch(p -> p.contains("end with one line end"));
    assertThat(AlloyForm.problems(RIGHT.strip())).anyMatch(p -> p.contains("end with one line"));
    assertThat(AlloyForm.problems(RIGHT.replace("}\n\nprom", "}\nprom")))
        .containsExactly("line 21: a blank line is missing before the block");
    assertThat(AlloyForm.problems(RIGHT.replace("}\n\nprom", "}\n\n\nprom")))
        .containsExactly("line 22: a blank line too many");
    assertThat(AlloyForm.problems(RIGHT.replace("value\n", "value\n\n")))
        .containsExactly("line 19: a blank line before }");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "argument.a.value|argument.b.value|argument.b.value leads nowhere",
        "argument.a.value|argument.a.input|argument.a.input leads nowhere",
        "argument.a.value|[]|argument a is not used",
        "forward_to = []|forward_to = [prometheus.remote_write.c.receiver]|leads nowhere",
        "transport =|transprot =|transprot is unknown",
        "grpc {|grcp {|grcp is unknown",
        "forward_to = []|scrape_timeout = \"1s\"|forward_to is missing",
        "prometheus.scrape|prometheus.scrap|prometheus.scrap is not documented",
        "prometheus.scrape \"b\"|declare \"receiver\"|declare.receiver is there twice",
      })
  void seeANameThatMeansNothing(String right, String wrong, String problem) {
    assertThat(
            AlloyNames.problems(AlloyFile.parse(RIGHT.replace(right, wrong)), Documented.alloy()))
        .anyMatch(p -> p.contains(problem));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "}]|]|a ] that nothing opens",
        "= true|= [true|a } that nothing opens",
        "default  = []|default  =|an expression without an end",
        "\"unix\"|\"unix|a string without an end",
        "output {|output|neither = nor {",
        "// A comment.|}|a } too many",
      })
  void seeWhatIsNotInTheSyntax(String right, String wrong, String problem) {
    assertThatThrownBy(() -> AlloyFile.parse(RIGHT.replace(right, wrong)))
        .isInstanceOf(AlloyFile.SyntaxException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void seeABlockThatIsNotClosed() {
    assertThatThrownBy(() -> AlloyFile.parse(RIGHT.substring(0, RIGHT.length() - 2)))
        .hasMessage("line 22: prometheus.scrape is not closed");
  }
}
