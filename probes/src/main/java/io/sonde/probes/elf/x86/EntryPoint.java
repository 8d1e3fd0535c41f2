package io.sonde.probes.elf.x86;

import java.nio.ByteBuffer;

/**
 * Where to attach to the beginning of a function: at an instruction that the kernel emulates, if
 * one comes before anything that matters has changed, else at the first one. There the arguments
 * are still in their registers, and the return address on top of the stack, so that a uretprobe
 * works as well (System V ABI for x86-64, 3.2).
 *
 * @param distance from the first byte of the function
 */
public record EntryPoint(int distance, Price price) {
  /** As much code as is looked at. */
  public static final int LENGTH = 32;

  private static final int MAX_INSTRUCTIONS = 4;

  /** Arguments are passed in: rdi, rsi, rdx, rcx, r8, r9. */
  private static final int[] ARGUMENTS = {7, 6, 2, 1, 8, 9};

  private static final int STACK_POINTER = 4;

  /**
   * @param code of the function, from its first byte
   * @param arguments how many of them have to be intact, 0..6
   */
  public static EntryPoint of(ByteBuffer code, int arguments) {
    int at = 0;
    for (int i = 0; i < MAX_INSTRUCTIONS; i++) {
      if (isEmulated(code, at)) {
        return new EntryPoint(at, Price.EMULATED);
      }
      int length = harmless(code, at, arguments);
      if (length == 0) {
        break;
      }
      at += length;
    }
    return new EntryPoint(0, Price.SINGLE_STEPPED);
  }

  /** push_setup_xol_ops and branch_setup_xol_ops, without their rarer forms. */
  private static boolean isEmulated(ByteBuffer code, int at) {
    int first = Code.unsigned(code, at);
    int second = Code.unsigned(code, at + 1);
    return isPush(first)
        || first == 0x41 && isPush(second) // r8 to r15
        || first == 0x90 // nop
        || first == 0xe8 // call
        || first == 0xe9 // jmp
        || first == 0xeb // jmp, short
        || (first & 0xf0) == 0x70 // jcc, short
        || first == 0x0f && (second & 0xf0) == 0x80; // jcc
  }

  private static boolean isPush(int opcode) {
    return opcode >= 0x50 && opcode <= 0x57;
  }

  /**
   * Length of an instruction that changes nothing but flags or a register of no interest; 0 for
   * every other.
   */
  private static int harmless(ByteBuffer code, int at, int arguments) {
    if (Code.matches(code, at, Code.ENDBR64)) {
      return Code.ENDBR64.length;
    }
    int first = Code.unsigned(code, at);
    int rex = (first & 0xf0) == 0x40 ? first : 0;
    int start = rex == 0 ? at : at + 1;
    int opcode = Code.unsigned(code, start);
    int modRm = Code.unsigned(code, start + 1);
    if (modRm < 0xc0) {
      return 0; // unknown, cut off, or touches memory
    }
    int register = modRm & 7 | (rex & 1) << 3;
    boolean changes;
    switch (opcode) {
      case 0x85: // test
        changes = false;
        break;
      case 0x31: // xor
      case 0x89: // mov
        changes = true;
        break;
      default:
        return 0;
    }
    return changes && matters(register, arguments) ? 0 : start + 2 - at;
  }

  private static boolean matters(int register, int arguments) {
    if (register == STACK_POINTER) {
      return true;
    }
    for (int i = 0; i < arguments; i++) {
      if (ARGUMENTS[i] == register) {
        return true;
      }
    }
    return false;
  }
}
