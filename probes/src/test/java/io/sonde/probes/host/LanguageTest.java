package io.sonde.probes.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LanguageTest {
  private static final Path NOTHING_MAPPED = Path.of("/dev/null");
  private static final Path C_PROGRAM = Path.of("/usr/bin/env");

  @TempDir Path folder;

  private final Language language = new Language();

  @ParameterizedTest
  @CsvSource({
    "/usr/bin/python3.11, python",
    "/opt/pypy/bin/pypy3, python",
    "/usr/bin/node, nodejs",
    "/usr/bin/ruby3.1, ruby",
    "/usr/sbin/php-fpm8.2, php",
    "/usr/bin/php8.2, php",
    "/usr/lib/jvm/x/bin/java, java",
    "/usr/bin/dotnet, dotnet",
    "/usr/lib/erlang/erts-13.1.5/bin/beam.smp, erlang",
    "/usr/bin/node_exporter, ''",
    "/usr/bin/javascript-thing, ''",
    "/usr/bin/phpmyadmin-helper, ''",
  })
  void anInterpreterIsKnownByItsName(String executable, String expected) {
    assertThat(language.detect(executable, C_PROGRAM, NOTHING_MAPPED)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "/usr/lib/jvm/x/lib/server/libjvm.so, java",
    "/usr/lib/x86_64-linux-gnu/libpython3.11.so.1.0, python",
    "/usr/share/dotnet/shared/Microsoft.NETCore.App/8.0.1/libcoreclr.so, dotnet",
    "/usr/lib/x86_64-linux-gnu/libc.so.6, ''",
  })
  void aRuntimeIsKnownByItsLibrary(String library, String expected) throws IOException {
    Path maps =
        Files.writeString(
            folder.resolve("maps"), "7f00-7f01 r-xp 00000000 fe:01 1234   " + library + "\n");

    assertThat(language.detect("/srv/shop", C_PROGRAM, maps)).isEqualTo(expected);
  }

  @Test
  void aGoProgramIsKnownByItsBuildInformation() throws IOException {
    Process goEnv = new ProcessBuilder("go", "env", "GOROOT").start();
    Path gofmt = Path.of(goEnv.inputReader().readLine(), "bin", "gofmt");

    assertThat(language.detect("/srv/shop", gofmt, NOTHING_MAPPED)).isEqualTo("go");
  }

  @Test
  void theJdksLaunchersAreKnownBeforeTheyHaveLoadedTheMachine() {
    Path jar = Path.of(System.getProperty("java.home"), "bin", "javap");
    assertThat(language.detect("/usr/bin/javap", jar, NOTHING_MAPPED)).isEqualTo("java");
  }

  @ParameterizedTest
  @CsvSource({
    "-xc,   int main(void) { return 0; }, ''",
    "-xc++, '#include <iostream>\nint main() { std::cout << 1; }', cpp",
    "-xc++ -static, '#include <iostream>\nint main() { std::cout << 1; }', cpp",
  })
  void aCompiledProgramIsKnownWithoutItsSymbols(String flags, String source, String expected)
      throws Exception {
    assertThat(language.detect("/srv/shop", compiled(flags, source), NOTHING_MAPPED))
        .isEqualTo(expected);
  }

  /** What rustc, GraalVM and .NET leave, where these are not installed. */
  @ParameterizedTest
  @CsvSource({
    ".comment, 'rustc version 1.95.0 (59807616e 2026-04-14)', rust",
    ".rodata,  /rustc/59807616e1fa/library/core/src/str/pattern.rs, rust",
    ".rodata,  libhostfxr.so, dotnet",
    ".svm_heap, x, java",
    "__managedcode, x, dotnet",
  })
  void aCompilerIsKnownByWhatItLeaves(String section, String text, String expected)
      throws Exception {
    Path program = compiled("-xc", "int main(void) { return 0; }");
    Path added = Files.writeString(folder.resolve("added"), text);
    Path other = folder.resolve("other");
    run("objcopy", "--remove-section=" + section, program + "", other + "");
    run("objcopy", "--add-section=" + section + "=" + added, other + "");

    assertThat(language.detect("/srv/shop", other, NOTHING_MAPPED)).isEqualTo(expected);
  }

  @Test
  void aFileThatIsReplacedIsLookedAtAnew() throws Exception {
    Path program = folder.resolve("program");
    Files.copy(compiled("-xc", "int main(void) { return 0; }"), program);
    assertThat(language.detect("/srv/shop", program, NOTHING_MAPPED)).isEmpty();

    Files.write(
        program, Files.readAllBytes(compiled("-xc++", "#include <iostream>\nint main() {}")));
    Files.setLastModifiedTime(program, FileTime.fromMillis(1));

    assertThat(language.detect("/srv/shop", program, NOTHING_MAPPED)).isEqualTo("cpp");
  }

  @Test
  void aProcessThatIsGoneHasNone() {
    Path gone = folder.resolve("gone");
    assertThat(language.detect("/srv/shop", gone, gone)).isEmpty();
  }

  /** Whatever is in the file: an answer, no exception, and not much memory. */
  @Test
  void aHostileFileDoesNoHarm() throws IOException {
    byte[] real = Files.readAllBytes(C_PROGRAM);
    Random random = new Random(5);
    Path hostile = folder.resolve("hostile");
    for (int round = 0; round < 500; round++) {
      byte[] bytes = real.clone();
      // in the header and, at the end, in the table of sections
      for (int change = 0; change < 4; change++) {
        bytes[4 + random.nextInt(60)] = (byte) random.nextInt(256);
        bytes[bytes.length - 1 - random.nextInt(2000)] = (byte) random.nextInt(256);
      }
      Files.write(hostile, bytes);
      language.detect("/srv/shop", hostile, NOTHING_MAPPED);
    }
    Files.write(hostile, "\u007fELF".getBytes(StandardCharsets.US_ASCII));
    assertThat(language.detect("/srv/shop", hostile, NOTHING_MAPPED)).isEmpty();
  }

  /** Stripped. */
  private Path compiled(String flags, String source) throws Exception {
    Path program = Files.createTempFile(folder, "compiled", "");
    Path code = Files.writeString(folder.resolve("source"), source + "\n");
    List<String> command = new java.util.ArrayList<>(List.of("g++", "-s", "-o", program + ""));
    command.addAll(List.of(flags.trim().split(" ")));
    command.add(code.toString());
    run(command.toArray(String[]::new));
    return program;
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }
}
