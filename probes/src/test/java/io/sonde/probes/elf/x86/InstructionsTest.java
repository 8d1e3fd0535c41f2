package io.sonde.probes.elf.x86;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.probes.elf.ElfFile;
import io.sonde.probes.elf.Run;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InstructionsTest {
  /** An address and its bytes, as objdump prints them. */
  private static final Pattern LINE = Pattern.compile(" *([0-9a-f]+):\t((?:[0-9a-f]{2} )+) *\t?.*");

  private static final String EVEX = "62 ";

  @Test
  void allCodeOfTheLibraryOfCIsAsLongAsTheDisassemblerSays() throws Exception {
    Path library = libraryOfC();
    String[] listing =
        Run.output("objdump", "-d", "-w", "-j", ".text", library.toString()).split("\n");
    int compared = 0;
    try (ElfFile file = ElfFile.open(library)) {
      for (String line : listing) {
        Matcher instruction = LINE.matcher(line);
        if (instruction.matches() && !line.contains("(bad)")) {
          long address = Long.parseLong(instruction.group(1), 16);
          String bytes = instruction.group(2);
          int expected = bytes.startsWith(EVEX) ? Instructions.UNKNOWN : bytes.length() / 3;
          ByteBuffer code = file.readAt(address, Instructions.MAX_LENGTH);

          assertThat(Instructions.length(code, 0)).as(line).isEqualTo(expected);
          compared++;
        }
      }
    }
    assertThat(compared).isGreaterThan(100_000);
  }

  @ParameterizedTest
  @CsvSource({
    "c3, 1",
    "55, 1",
    "4c8da424c8feffff, 8", // lea r12, [rsp-0x138]
    "493b6610, 4", // cmp rsp, [r14+0x10]
    "0f8693070000, 6", // jbe
    "66440fd67c2450, 7", // movq [rsp+0x50], xmm15
    "48c786e8020000ffffffff, 11", // mov qword [rsi+0x2e8], -1
    "f00fb1be70010000, 8", // lock cmpxchg
    "48b8c3c3c3c3c3c3c3c3, 10", // movabs rax, … with returns within
    "66c70424c3c3, 6", // mov word [rsp], …
    "f6c301, 3", // test bl, 1
    "f6d8, 2", // neg al
    "f7c3c3c3c3c3, 6", // test ebx, …
    "c5f877, 3", // vzeroupper
    "c4e37d06c331, 6", // vperm2f128 …, 0x31
    "660f3a0fc3c3, 6", // palignr
  })
  void anInstructionIsAsLongAsItsFormSays(String bytes, int length) {
    assertThat(Instructions.length(code(bytes + "9090"), 0)).isEqualTo(length);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"06", "62f1fe486f00", "8fe878c0c001", "66e800000000", "4041", "0f0f0000", ""})
  void whatIsNotKnownIsRefused(String bytes) {
    assertThat(Instructions.length(code(bytes), 0)).isEqualTo(Instructions.UNKNOWN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"4c8da424c8feff", "0f86930700", "48b8c3c3", "0f", "48", "c5", "c4e3", "66", "8b"})
  void whatIsCutShortIsRefused(String bytes) {
    assertThat(Instructions.length(code(bytes), 0)).isEqualTo(Instructions.UNKNOWN);
  }

  @Test
  void nothingIsLongerThanAProcessorTakes() {
    assertThat(Instructions.length(code("66".repeat(14) + "90"), 0)).isEqualTo(15);
    assertThat(Instructions.length(code("66".repeat(15) + "90"), 0))
        .isEqualTo(Instructions.UNKNOWN);
  }

  private static Path libraryOfC() throws Exception {
    String maps = Files.readString(Path.of("/proc/self/maps"));
    Matcher library = Pattern.compile("(/\\S+/libc[.-]\\S+)").matcher(maps);
    assertThat(library.find()).isTrue();
    return Path.of(library.group(1));
  }

  private static ByteBuffer code(String bytes) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(bytes));
  }
}
