package io.sonde.probes.elf.x86;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntryPointTest {
  @ParameterizedTest
  @CsvSource({
    "'55 48 89 e5', push rbp",
    "'41 57 41 56', push r15",
    "'53', push rbx and nothing more to read",
    "'e9 01 02 03 04', jmp",
    "'0f 84 01 02 03 04', je",
    "'90 c3', nop",
  })
  void anEmulatedInstructionAtTheStartIsTaken(String code, String what) {
    assertThat(EntryPoint.of(bytes(code), 3)).as(what).isEqualTo(new EntryPoint(0, Price.EMULATED));
  }

  @ParameterizedTest
  @CsvSource({
    "4, 1, 'f3 0f 1e fa 41 57', endbr64",
    "3, 1, '48 85 ff 0f 84 97 03 00 00', test rdi rdi: SSL_free",
    "3, 1, '48 85 ff 74 16', test rdi rdi: SSL_free of Node",
    "5, 3, '45 31 c0 31 c9 e9 66 9c ff ff', xor r8d r8d and ecx ecx: gnutls_record_send",
    "7, 1, 'f3 0f 1e fa 48 85 ff 74 16', endbr64 and test",
  })
  void theFirstEmulatedOneBehindHarmlessOnesIsTaken(
      int distance, int arguments, String code, String what) {
    assertThat(EntryPoint.of(bytes(code), arguments))
        .as(what)
        .isEqualTo(new EntryPoint(distance, Price.EMULATED));
  }

  @ParameterizedTest
  @CsvSource({
    "3, '48 83 ec 18 90', the stack pointer moves: sub rsp",
    "3, '48 89 e4 55', the stack pointer is written",
    "4, '31 c9 55', the fourth argument is written",
    "3, '31 d2 55', the third argument is written",
    "1, '80 bf b8 06 00 00 00 74 3c', memory is compared, which is not looked into",
    "1, '48 85 07 74 16', memory is tested",
    "3, '66 90 55', an unknown form of nop",
    "3, '45 31 c0 31 c0 31 c0 31 c0 55', too far behind",
    "3, '48', cut off",
    "3, '', nothing to read",
  })
  void everythingElseIsSteppedAtItsFirstInstruction(int arguments, String code, String what) {
    assertThat(EntryPoint.of(bytes(code), arguments))
        .as(what)
        .isEqualTo(new EntryPoint(0, Price.SINGLE_STEPPED));
  }

  @Test
  void aRegisterThatIsNoArgumentOfThisFunctionMayChange() {
    assertThat(EntryPoint.of(bytes("31 c9 55"), 3).price()).isEqualTo(Price.EMULATED);
  }

  private static ByteBuffer bytes(String hexadecimal) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(hexadecimal.replace(" ", "")));
  }
}
