package io.sonde.probes.elf.x86;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * A function that does little but call another one with the arguments it got, as {@code SSL_read}
 * and {@code SSL_read_ex} do with {@code ssl_read_internal}: {@code (object, buffer, length)}
 * becomes {@code (object, buffer, (size_t) length, &bytes)}. Recognised only when every instruction
 * before the call is one of a few that leave the others of the arguments where they are; what else
 * a compiler may put there is not looked into.
 */
public final class ThinWrapper {
  /** As much code as is looked at. */
  public static final int LENGTH = 96;

  private static final int CALL = 0xe8;
  private static final int CALL_LENGTH = 5;
  private static final int ANY = Code.ANY;

  /** What a wrapper of the short form, {@code (object, buffer, int length)}, puts before. */
  private static final int[][] SHORT_FORM = {
    Code.ENDBR64,
    {0x48, 0x83, 0xec, ANY}, // sub rsp, n
    {0x64, 0x48, 0x8b, 0x04, 0x25, 0x28, 0, 0, 0}, // mov rax, fs:0x28: the stack protector's
    {0x48, 0x89, 0x44, 0x24, ANY}, // mov [rsp + n], rax
    {0x31, 0xc0}, // xor eax, eax
    {0x85, 0xd2}, // test edx, edx
    {0x78, ANY}, // js
    {0x0f, 0x88, ANY, ANY, ANY, ANY}, // js
    {0x48, 0x63, 0xd2}, // movsxd rdx, edx
  };

  /** The same where flags, which it has none of, come before the pointer. */
  private static final int[][] SHORT_FORM_WITH_FLAGS = and(SHORT_FORM, 0x31, 0xc9); // xor ecx, ecx

  private static final int[][] NOTHING = {};

  private static final int[][] POINTER_IS_FOURTH = {
    {0x48, 0x89, 0xe1}, // mov rcx, rsp
    {0x48, 0x8d, 0x4c, 0x24, ANY}, // lea rcx, [rsp + n]
  };

  private static final int[][] POINTER_IS_FIFTH = {
    {0x49, 0x89, 0xe0}, // mov r8, rsp
    {0x4c, 0x8d, 0x44, 0x24, ANY}, // lea r8, [rsp + n]
  };

  /** What a wrapper puts before that passes on all that it got. */
  private static final int[][] LONG_FORM = {
    Code.ENDBR64, {0x48, 0x83, 0xec, ANY}, {0x31, 0xc0},
  };

  private ThinWrapper() {}

  private static int[][] and(int[][] patterns, int... another) {
    int[][] all = Arrays.copyOf(patterns, patterns.length + 1);
    all[patterns.length] = another;
    return all;
  }

  /**
   * Address of the function that both call, {@code (object, buffer, length, &bytes)}.
   *
   * @param shortForm a wrapper's code and the address of its first byte: {@code (object, buffer,
   *     int length)}
   * @param longForm another's: the same arguments as the function
   * @return empty when that is not certain
   */
  public static OptionalLong ofFour(Wrapper shortForm, Wrapper longForm) {
    return common(
        target(shortForm, SHORT_FORM, POINTER_IS_FOURTH), target(longForm, LONG_FORM, NOTHING));
  }

  /** The same, {@code (object, buffer, length, flags, &bytes)}. */
  public static OptionalLong ofFive(Wrapper shortForm, Wrapper longForm) {
    return common(
        target(shortForm, SHORT_FORM_WITH_FLAGS, POINTER_IS_FIFTH),
        target(longForm, LONG_FORM, NOTHING));
  }

  /**
   * @param code from its first byte, {@link #LENGTH} are enough
   * @param address of that byte
   */
  public record Wrapper(ByteBuffer code, long address) {}

  private static OptionalLong common(OptionalLong one, OptionalLong other) {
    return one.equals(other) ? one : OptionalLong.empty();
  }

  /**
   * @param pointer the instructions of which one has to be there
   */
  private static OptionalLong target(Wrapper wrapper, int[][] harmless, int[][] pointer) {
    ByteBuffer code = wrapper.code;
    boolean pointed = pointer.length == 0;
    for (int at = 0; at < LENGTH; ) {
      if (Code.unsigned(code, at) == CALL && at + CALL_LENGTH <= code.limit()) {
        long target = wrapper.address + at + CALL_LENGTH + code.getInt(at + 1);
        return pointed ? OptionalLong.of(target) : OptionalLong.empty();
      }
      int length = length(code, at, harmless);
      if (length == 0) {
        length = length(code, at, pointer);
        pointed = true;
      }
      if (length == 0) {
        break;
      }
      at += length;
    }
    return OptionalLong.empty();
  }

  private static int length(ByteBuffer code, int at, int[][] patterns) {
    for (int[] pattern : patterns) {
      if (Code.matches(code, at, pattern)) {
        return pattern.length;
      }
    }
    return 0;
  }
}
