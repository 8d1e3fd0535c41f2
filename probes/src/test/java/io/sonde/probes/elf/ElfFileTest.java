package io.sonde.probes.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ElfFileTest {
  private static final String FOLDER = "/usr/lib/x86_64-linux-gnu/";
  private static final Path LIBSSL = Path.of(FOLDER + "libssl.so.3");
  private static final Path NODE = Path.of("/usr/bin/node");
  private static final Set<String> NAMES =
      Set.of("SSL_read", "SSL_read_ex", "SSL_write", "SSL_free", "SSL_no_such_function");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {FOLDER + "libssl.so.3", FOLDER + "libgnutls.so.30", FOLDER + "libc.so.6"})
  void exportedFunctionsAreWhereBinutilsSayTheyAre(String library) throws Exception {
    Map<String, Long> expected = new HashMap<>();
    Run.output("nm", "-D", "--defined-only", "--without-symbol-versions", library)
        .lines()
        .map(line -> line.split(" "))
        .filter(fields -> fields.length == 3 && fields[1].equals("T"))
        .forEach(fields -> expected.putIfAbsent(fields[2], Long.parseLong(fields[0], 16)));

    assertThat(expected).hasSizeGreaterThan(100);
    Map<String, Long> found = new HashMap<>();
    try (ElfFile file = ElfFile.open(Path.of(library))) {
      file.functions(expected.keySet())
          .forEach((name, symbol) -> found.put(name, symbol.address()));
    }
    assertThat(found).containsAllEntriesOf(expected);
  }

  @Test
  void aScanFindsWhatTheHashTableFinds() throws IOException {
    try (ElfFile file = ElfFile.open(LIBSSL)) {
      assertThat(new SymbolScan(file).functions(".dynsym", NAMES))
          .isEqualTo(new ExportedSymbols(file).functions(NAMES))
          .hasSize(NAMES.size() - 1)
          .doesNotContainKey("SSL_no_such_function");
    }
  }

  @Test
  void anExecutableThatExportsNothingIsLookedUpInWhatStrippingLeft() throws Exception {
    Path source = folder.resolve("own.c");
    Files.writeString(
        source,
        """
        int my_SSL_read(int a) { return a + 1; }
        __attribute__((noinline)) static int SSL_read(int a) { return a * 3; }
        int main(int argc, char **argv) { return SSL_read(my_SSL_read(argc)); }
        """);
    Path program = folder.resolve("own");
    Run.output("cc", "-O0", "-o", program.toString(), source.toString());

    try (ElfFile file = ElfFile.open(program)) {
      assertThat(file.functions(NAMES)).containsOnlyKeys("SSL_read");
      assertThat(file.functions(NAMES).get("SSL_read").size()).isPositive();
    }
    Run.output("strip", program.toString());
    try (ElfFile file = ElfFile.open(program)) {
      assertThat(file.functions(NAMES)).isEmpty();
    }
  }

  @Test
  void aFunctionOfAnExecutableIsWhereItsSegmentSays() throws IOException {
    assumeThat(NODE).exists();
    try (ElfFile file = ElfFile.open(NODE)) {
      Symbol read = file.functions(NAMES).get("SSL_read");

      assertThat(file.codeOffsetOf(read.address()).getAsLong()).isNotEqualTo(read.address());
      assertThat(file.readAt(read.address(), 16))
          .isEqualTo(file.read(file.codeOffsetOf(read.address()).getAsLong(), 16));
    }
  }

  @Test
  void aVeryLargeExecutableIsLookedUpInBothOfItsTables() throws IOException {
    assumeThat(NODE).exists();
    try (ElfFile file = ElfFile.open(NODE)) {
      assertThat(file.functions(NAMES)).hasSize(NAMES.size() - 1);
      assertThat(new SymbolScan(file).functions(".symtab", NAMES)).hasSize(NAMES.size() - 1);
    }
  }

  @Test
  void theBuildIdIsTheOneThatFileTells() throws Exception {
    try (ElfFile file = ElfFile.open(LIBSSL)) {
      assertThat(Run.output("readelf", "-n", LIBSSL.toString()))
          .contains("Build ID: " + file.buildId().orElseThrow());
    }
  }

  @Test
  void codeIsNotLookedForInData() throws IOException {
    try (ElfFile file = ElfFile.open(LIBSSL)) {
      Section data = file.section(".data").orElseThrow();
      assertThat(file.offsetOf(data.address())).hasValue(data.offset());
      assertThat(file.codeOffsetOf(data.address())).isEmpty();
      assertThat(file.offsetOf(-1)).isEmpty();
      assertThat(file.offsetOf(Long.MAX_VALUE)).isEmpty();
    }
  }

  @Test
  void whatIsNoElfFileHasNothing() throws IOException {
    Path text = Files.writeString(folder.resolve("text"), "#!/bin/sh\n".repeat(100));
    try (ElfFile file = ElfFile.open(text)) {
      assertThat(file.machine()).isZero();
      assertThat(file.segments()).isEmpty();
      assertThat(file.functions(NAMES)).isEmpty();
      assertThat(file.buildId()).isEmpty();
    }
  }

  @Test
  void aHashTableThatNeverEndsIsLeft() throws Exception {
    byte[] bytes = Files.readAllBytes(LIBSSL);
    Section hash;
    try (ElfFile file = ElfFile.open(LIBSSL)) {
      hash = file.section(".gnu.hash").orElseThrow();
    }
    ByteBuffer table = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int from = (int) hash.offset() + 16;
    for (int at = from; at < hash.offset() + hash.size(); at += 4) {
      table.putInt(at, 2); // a bucket that begins at symbol 2, chains without an end
    }
    lookAtAll(Files.write(folder.resolve("endless"), bytes));
  }

  @Test
  void aFileCutAnywhereIsReadAsFarAsItGoes() throws IOException {
    byte[] bytes = Files.readAllBytes(LIBSSL);
    Random random = new Random(23);
    for (int i = 0; i < 100; i++) {
      int length = i < 70 ? i * 3 : random.nextInt(bytes.length);
      lookAtAll(Files.write(folder.resolve("cut"), Arrays.copyOf(bytes, length)));
    }
  }

  @Test
  void aFileThatSaysNonsenseIsReadWithoutHarm() throws IOException {
    byte[] whole = Files.readAllBytes(LIBSSL);
    int sections = (int) ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong(40);
    Random random = new Random(31);
    for (int i = 0; i < 400; i++) {
      byte[] bytes = whole.clone();
      for (int n = 0; n < 1 + random.nextInt(24); n++) {
        int at =
            switch (random.nextInt(3)) {
              case 0 -> 16 + random.nextInt(48 + 13 * 56);
              case 1 -> sections + random.nextInt(bytes.length - sections);
              default -> random.nextInt(0x10000); // hash table, symbols, names
            };
        bytes[at] = random.nextBoolean() ? (byte) 0xff : (byte) random.nextInt();
      }
      lookAtAll(Files.write(folder.resolve("nonsense"), bytes));
    }
  }

  private static void lookAtAll(Path path) {
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> {
          try (ElfFile file = ElfFile.open(path)) {
            file.buildId();
            new SymbolScan(file).functions(".dynsym", NAMES);
            for (Symbol symbol : file.functions(NAMES).values()) {
              file.codeOffsetOf(symbol.address());
              file.readAt(symbol.address(), 256);
            }
            assertThat(new String(file.read(".comment", 256), StandardCharsets.ISO_8859_1))
                .hasSizeLessThanOrEqualTo(256);
          }
        });
  }
}
