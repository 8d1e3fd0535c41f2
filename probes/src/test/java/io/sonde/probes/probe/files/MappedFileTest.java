package io.sonde.probes.probe.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MappedFileTest {
  @Test
  void aLineOfCodeNamesItsFile() {
    MappedFile file =
        MappedFile.parse(
                "00007f1c2000-7f1c5000 r-xp 00021000 fe:01 1835226         /usr/lib/libssl.so.3")
            .orElseThrow();

    assertThat(file)
        .isEqualTo(
            new MappedFile("7f1c2000-7f1c5000", 0xfe01, 1835226, "/usr/lib/libssl.so.3", false));
    assertThat(file.name()).isEqualTo("libssl.so.3");
  }

  @Test
  void aRemovedFileIsSaidToBe() {
    MappedFile file =
        MappedFile.parse("1000-2000 r-xp 0 103:10005 7   /a file/libssl.so.3 (deleted)")
            .orElseThrow();

    assertThat(file.removed()).isTrue();
    assertThat(file.path()).isEqualTo("/a file/libssl.so.3");
    // makedev(0x103, 0x10005)
    assertThat(file.device()).isEqualTo(0x10010305L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1000-2000 r--p 0 fe:01 7 /usr/lib/libssl.so.3",
        "1000-2000 r-xp 0 00:00 0 [vdso]",
        "1000-2000 r-xp 0 00:00 0",
        "1000 r-xp 0 fe:01 7 /x",
        "1000-2000 r-xp 0 fe:01 x /x",
        "11111111111111111-2 r-xp 0 fe:01 7 /x",
      })
  void everythingElseIsNone(String line) {
    assertThat(MappedFile.parse(line)).isEmpty();
  }

  @Test
  void theFilesOfThisVeryProcessAreThere() throws IOException {
    assertThat(MappedFiles.of((int) ProcessHandle.current().pid()))
        .extracting(MappedFile::name)
        .contains("libjvm.so", "libc.so.6")
        .doesNotHaveDuplicates();
  }
}
