package io.sonde.probes.elf.x86;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.probes.elf.x86.ThinWrapper.Wrapper;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** With the code of OpenSSL 3.0 (Debian 12) and 3.5 (psycopg2-binary 2.9.13). */
class ThinWrapperTest {
  private static final Wrapper READ_3_0 =
      wrapper(
          0x35430,
          "4883ec18 64488b042528000000 4889442408 31c0 85d2 782f 4889e1 4863d2 e83dfeffff 85c0");
  private static final Wrapper READ_EX_3_0 = wrapper(0x354c0, "4883ec08 e8c7fdffff 31d2 85c0");
  private static final Wrapper WRITE_3_5 =
      wrapper(0x3ba40, "4883ec18 85d2 781b 31c9 4863d2 4c8d442408 e879fcffff 85c0 0f4f442408");
  private static final Wrapper WRITE_EX2_3_5 = wrapper(0x3baa0, "4883ec08 e827fcffff ba00000000");

  @Test
  void theCommonFunctionOfBothFormsIsFound() {
    assertThat(ThinWrapper.ofFour(READ_3_0, READ_EX_3_0)).hasValue(0x35290);
  }

  @Test
  void theCommonFunctionWithFlagsIsFound() {
    assertThat(ThinWrapper.ofFive(WRITE_3_5, WRITE_EX2_3_5)).hasValue(0x3b6d0);
  }

  @Test
  void oneFormIsNotTakenForTheOther() {
    assertThat(ThinWrapper.ofFive(READ_3_0, READ_EX_3_0)).isEmpty();
    assertThat(ThinWrapper.ofFour(WRITE_3_5, WRITE_EX2_3_5)).isEmpty();
  }

  @Test
  void wrappersOfDifferentFunctionsHaveNothingInCommon() {
    assertThat(ThinWrapper.ofFour(READ_3_0, wrapper(0x354c4, "4883ec08 e8c7fdffff"))).isEmpty();
  }

  @Test
  void whatTouchesAnArgumentIsNoThinWrapper() {
    Wrapper other = wrapper(0x35430, "4883ec18 4889fe e83dfeffff");
    assertThat(ThinWrapper.ofFour(other, other)).isEmpty();
  }

  @Test
  void codeThatIsCutOffIsNoThinWrapper() {
    for (int length = 0; length < 27; length++) {
      ByteBuffer cut = READ_EX_3_0.code().duplicate().order(ByteOrder.LITTLE_ENDIAN);
      cut.limit(Math.min(length, 8));
      assertThat(ThinWrapper.ofFour(READ_3_0, new Wrapper(cut, 0x354c0))).isEmpty();
    }
  }

  private static Wrapper wrapper(long address, String hexadecimal) {
    byte[] code = HexFormat.of().parseHex(hexadecimal.replace(" ", ""));
    return new Wrapper(ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN), address);
  }
}
