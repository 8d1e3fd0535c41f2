package io.sonde.probes.elf.go;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sonde.probes.elf.ElfFile;
import io.sonde.probes.elf.Run;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GoFunctionsTest {
  private static final String READ = "crypto/tls.(*Conn).Read";
  private static final Set<String> NAMES =
      Set.of(READ, "crypto/tls.(*Conn).writeRecordLocked", "crypto/tls.(*Conn).serverHandshake");
  private static final String COPY = "runtime.memmove";

  @TempDir static Path folder;

  @ParameterizedTest
  @EnumSource
  void functionsOfAStrippedProgramAreWhereItsSymbolsWouldHaveSaid(GoProgram program)
      throws Exception {
    Map<String, Long> expected = symbols(program.build(false));

    try (ElfFile file = ElfFile.open(program.build(true))) {
      assertThat(GoFunctions.isGo(file)).isTrue();
      Map<String, Long> found =
          GoFunctions.of(file).named(NAMES).stream()
              .collect(Collectors.toMap(GoFunction::name, GoFunction::start));

      assertThat(found).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @EnumSource
  void returnsAndCallsAreWhereTheDisassemblerSeesThem(GoProgram program) throws Exception {
    Path executable = program.build(false);
    try (ElfFile file = ElfFile.open(executable)) {
      GoFunctions functions = GoFunctions.of(file);
      GoFunction read = functions.named(Set.of(READ)).get(0);
      Set<Long> copies =
          functions.named(Set.of(COPY)).stream().map(GoFunction::start).collect(Collectors.toSet());
      GoCode code = GoCode.of(file, read);

      assertThat(code.returns()).isEqualTo(disassembled(file, executable, "c3"));
      assertThat(code.callsOf(copies))
          .isEqualTo(
              disassembled(file, executable, "e8[0-9a-f]{8}\\s+CALL runtime.memmove\\(SB\\)"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void theProbeAtTheBeginIsAtAnInstructionThatIsEmulated(GoProgram program) throws Exception {
    try (ElfFile file = ElfFile.open(program.build(true))) {
      for (GoFunction function : GoFunctions.of(file).named(NAMES)) {
        byte[] code = new byte[2];
        file.read(GoCode.of(file, function).begin(), 2).get(code);

        assertThat(isPushOfFramePointer(code) || isJumpIfBelowOrEqual(code)).isTrue();
      }
    }
  }

  private static boolean isPushOfFramePointer(byte[] code) {
    return code[0] == 0x55;
  }

  private static boolean isJumpIfBelowOrEqual(byte[] code) {
    return code[0] == 0x76 || (code[0] == 0x0f && code[1] == (byte) 0x86);
  }

  @Test
  void aProgramThatIsNotOfGoIsRefused() throws Exception {
    try (ElfFile file = ElfFile.open(Path.of("/bin/ls"))) {
      assertThat(GoFunctions.isGo(file)).isFalse();
      assertThatThrownBy(() -> GoFunctions.of(file))
          .isInstanceOf(UnreadableGoException.class)
          .hasMessage("it has no table of functions");
    }
  }

  @Test
  void damagedTablesAreRefusedOrGiveFunctionsThatAreCode() throws Exception {
    Path whole = GoProgram.PLAIN.build(true);
    Path damaged = folder.resolve("damaged");
    long table;
    try (ElfFile file = ElfFile.open(whole)) {
      table = file.section(".gopclntab").orElseThrow().offset();
    }
    Random random = new Random(23);
    for (int round = 0; round < 100; round++) {
      Files.write(damaged, Files.readAllBytes(whole));
      try (FileChannel channel = FileChannel.open(damaged, StandardOpenOption.WRITE)) {
        // most of all the header, then what the index says
        long at = round % 2 == 0 ? random.nextInt(72) : random.nextInt(1 << 16);
        byte[] noise = new byte[1 + random.nextInt(8)];
        random.nextBytes(noise);
        channel.write(ByteBuffer.wrap(noise), table + at);
      }
      readAll(damaged);
    }
  }

  @Test
  void aFileThatEndsEarlyIsRefused() throws Exception {
    Path whole = GoProgram.PLAIN.build(true);
    Path cut = folder.resolve("cut");
    byte[] bytes = Files.readAllBytes(whole);
    long table;
    try (ElfFile file = ElfFile.open(whole)) {
      table = file.section(".gopclntab").orElseThrow().offset();
    }
    Files.write(cut, Arrays.copyOf(bytes, (int) table + 100_000));
    try (ElfFile file = ElfFile.open(cut)) {
      assertThatThrownBy(() -> GoFunctions.of(file).named(NAMES))
          .isInstanceOf(UnreadableGoException.class);
    }
  }

  private static void readAll(Path executable) throws IOException {
    try (ElfFile file = ElfFile.open(executable)) {
      for (GoFunction function : GoFunctions.of(file).named(NAMES)) {
        GoCode code = GoCode.of(file, function);
        code.begin();
        for (long offset : code.returns()) {
          assertThat(file.read(offset, 1).get(0)).isEqualTo((byte) 0xc3);
        }
      }
    } catch (UnreadableGoException refused) {
      assertThat(refused).hasMessageNotContaining("null");
    }
  }

  private static Map<String, Long> symbols(Path executable) throws Exception {
    Map<String, Long> symbols = new HashMap<>();
    for (String line : Run.output("go", "tool", "nm", executable.toString()).split("\n")) {
      String[] words = line.strip().split(" +", 3);
      if (words.length == 3 && NAMES.contains(words[2])) {
        symbols.put(words[2], Long.parseLong(words[0], 16));
      }
    }
    assertThat(symbols).hasSameSizeAs(NAMES);
    return symbols;
  }

  /** Where instructions of Read stand in the file whose bytes are these. */
  private static List<Long> disassembled(ElfFile file, Path executable, String bytes)
      throws Exception {
    String listing =
        Run.output("go", "tool", "objdump", "-s", Pattern.quote(READ) + "$", executable.toString());
    return Pattern.compile("0x([0-9a-f]+)\\s+" + bytes + "\\s")
        .matcher(listing)
        .results()
        .map(found -> Long.parseLong(found.group(1), 16))
        .map(address -> file.codeOffsetOf(address).orElseThrow())
        .toList();
  }
}
