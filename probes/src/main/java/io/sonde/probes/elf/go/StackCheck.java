package io.sonde.probes.elf.go;

import io.sonde.probes.elf.x86.Instructions;
import java.nio.ByteBuffer;
import java.util.OptionalInt;

/**
 * How a Go function begins that may need a larger stack, and where in it a probe is cheap: at an
 * instruction that the kernel emulates, with all arguments still in their registers.
 *
 * <pre>
 *   lea  r12, [rsp-…]        (only for large frames)
 *   cmp  rsp, [r14+16]       (or r12): r14 is the goroutine, and there its stack's end
 *   jbe  …                   grows the stack and starts the function once more
 *   push rbp                 since Go 1.21; before that, sub rsp, … or add rsp, -128
 * </pre>
 */
final class StackCheck {
  private static final byte[] LEA_R12_NEAR = {0x4c, (byte) 0x8d, 0x64, 0x24};
  private static final byte[] LEA_R12_FAR = {0x4c, (byte) 0x8d, (byte) 0xa4, 0x24};
  private static final byte[] CMP_RSP = {0x49, 0x3b, 0x66, 0x10};
  private static final byte[] CMP_R12 = {0x4d, 0x3b, 0x66, 0x10};
  private static final byte[] SUB_RSP_BYTE = {0x48, (byte) 0x83, (byte) 0xec};
  private static final byte[] SUB_RSP_INT = {0x48, (byte) 0x81, (byte) 0xec};
  private static final byte[] ADD_RSP_MINUS_128 = {0x48, (byte) 0x83, (byte) 0xc4, (byte) 0x80};
  private static final byte JBE_NEAR = 0x76;
  private static final byte[] JBE_FAR = {0x0f, (byte) 0x86};
  private static final byte PUSH_RBP = 0x55;

  private StackCheck() {}

  /**
   * Distance of that instruction from the function's start: the push, or else the jump, which is
   * passed a second time when the stack had to grow. Empty when the function begins otherwise.
   */
  static OptionalInt probe(ByteBuffer code) {
    OptionalInt jump = jump(code);
    if (jump.isEmpty()) {
      return jump;
    }
    int next = jump.getAsInt() + Instructions.length(code, jump.getAsInt());
    if (next < code.limit() && code.get(next) == PUSH_RBP) {
      return OptionalInt.of(next);
    }
    return makesFrame(code, next) ? jump : OptionalInt.empty();
  }

  private static boolean makesFrame(ByteBuffer code, int at) {
    return startsWith(code, at, SUB_RSP_BYTE)
        || startsWith(code, at, SUB_RSP_INT)
        || startsWith(code, at, ADD_RSP_MINUS_128);
  }

  private static OptionalInt jump(ByteBuffer code) {
    int at = 0;
    byte[] compare = CMP_RSP;
    if (startsWith(code, 0, LEA_R12_NEAR) || startsWith(code, 0, LEA_R12_FAR)) {
      at = Instructions.length(code, 0);
      compare = CMP_R12;
    }
    if (!startsWith(code, at, compare)) {
      return OptionalInt.empty();
    }
    at += compare.length;
    boolean jumps = at < code.limit() && code.get(at) == JBE_NEAR || startsWith(code, at, JBE_FAR);
    return jumps && Instructions.length(code, at) != Instructions.UNKNOWN
        ? OptionalInt.of(at)
        : OptionalInt.empty();
  }

  private static boolean startsWith(ByteBuffer code, int at, byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (at + i >= code.limit() || code.get(at + i) != bytes[i]) {
        return false;
      }
    }
    return true;
  }
}
