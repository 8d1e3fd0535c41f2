package io.sonde.probes.elf.x86;

import java.nio.ByteBuffer;

/**
 * The lengths of instructions in 64-bit mode (Intel SDM volume 2, chapter 2 and appendix A). Not
 * known, and therefore refused: EVEX, XOP, 3DNow!, and what is no instruction in this mode.
 */
public final class Instructions {
  /** None is longer. */
  public static final int MAX_LENGTH = 15;

  /** Of {@link #length}: no instruction that is known, or its end is missing. */
  public static final int UNKNOWN = 0;

  /*
   * What follows an opcode, one letter each, sixteen a row:
   *   n nothing          m ModRM            . unknown
   *   b byte             M ModRM and byte   p a prefix
   *   z 2 or 4 bytes     Z ModRM and those  j 4 bytes, a distance
   *   v 2, 4 or 8 bytes  w 2 bytes          e 3 bytes
   *   o 8 bytes          t ModRM; a byte if it says TEST
   *   T ModRM; 2 or 4 bytes if it says TEST
   *   P ModRM that says POP; anything else would be XOP
   */
  private static final String ONE_BYTE =
      "mmmmbz..mmmmbz.."
          + "mmmmbz..mmmmbz.."
          + "mmmmbzp.mmmmbzp."
          + "mmmmbzp.mmmmbzp."
          + "................" // REX
          + "nnnnnnnnnnnnnnnn"
          + "...mppppzZbMnnnn"
          + "bbbbbbbbbbbbbbbb"
          + "MZ.MmmmmmmmmmmmP"
          + "nnnnnnnnnn.nnnnn"
          + "oooonnnnbznnnnnn"
          + "bbbbbbbbvvvvvvvv"
          + "MMwn..MZenwnnb.n"
          + "mmmm...nmmmmmmmm"
          + "bbbbbbbbjj.bnnnn"
          + "pnppnntTnnnnnnmm";

  /** After 0F; 38 and 3A open tables of their own. */
  private static final String TWO_BYTES =
      "mmmm.nnnnn.n.m.."
          + "mmmmmmmmmmmmmmmm"
          + "mmmm....mmmmmmmm"
          + "nnnnnn.n........"
          + "mmmmmmmmmmmmmmmm"
          + "mmmmmmmmmmmmmmmm"
          + "mmmmmmmmmmmmmmmm"
          + "MMMMmmmn....mmmm"
          + "jjjjjjjjjjjjjjjj"
          + "mmmmmmmmmmmmmmmm"
          + "nnnmMm..nnnmMmmm"
          + "mmmmmmmmmmMmmmmm"
          + "mmMmMMMmnnnnnnnn"
          + "mmmmmmmmmmmmmmmm"
          + "mmmmmmmmmmmmmmmm"
          + "mmmmmmmmmmmmmmmm";

  private static final int REX_W = 8;

  private final ByteBuffer code;
  private int at;
  private boolean shortOperand;
  private boolean shortAddress;
  private int rex;

  private Instructions(ByteBuffer code, int at) {
    this.code = code;
    this.at = at;
  }

  /**
   * Of the instruction that begins at this index.
   *
   * @return bytes, or {@link #UNKNOWN}
   */
  public static int length(ByteBuffer code, int at) {
    Instructions instruction = new Instructions(code, at);
    int end = instruction.end();
    return end > code.limit() || end - at > MAX_LENGTH ? UNKNOWN : Math.max(end - at, UNKNOWN);
  }

  /** Behind the buffer when its bytes do not suffice; before the start when it is not known. */
  private int end() {
    int opcode = prefixes();
    if (opcode == 0x0f) {
      return escaped();
    }
    if (opcode == 0xc4 || opcode == 0xc5) {
      return vex(opcode);
    }
    return opcode < 0 ? -1 : behind(ONE_BYTE.charAt(opcode));
  }

  private int prefixes() {
    int opcode = next();
    while (opcode >= 0 && ONE_BYTE.charAt(opcode) == 'p') {
      shortOperand |= opcode == 0x66;
      shortAddress |= opcode == 0x67;
      opcode = next();
    }
    if (opcode >= 0x40 && opcode <= 0x4f) {
      rex = opcode;
      opcode = next();
      // a REX before a prefix has no effect; compilers do not write that
      return opcode >= 0 && (opcode & 0xf0) != 0x40 ? opcode : -1;
    }
    return opcode;
  }

  private int escaped() {
    int opcode = next();
    if (opcode == 0x38) {
      return next() < 0 ? -1 : behind('m');
    }
    if (opcode == 0x3a) {
      return next() < 0 ? -1 : behind('M');
    }
    return opcode < 0 ? -1 : behind(TWO_BYTES.charAt(opcode));
  }

  private int vex(int form) {
    int table = form == 0xc5 ? 1 : next() & 0x1f;
    next();
    int opcode = next();
    if (opcode < 0) {
      return -1;
    }
    switch (table) {
      case 1:
        char operands = TWO_BYTES.charAt(opcode);
        return behind(operands == 'M' || opcode == 0x77 ? operands : 'm');
      case 2:
        return behind('m');
      case 3:
        return behind('M');
      default:
        return -1;
    }
  }

  private int behind(char operands) {
    switch (operands) {
      case 'n':
        return at;
      case 'b':
        return at + 1;
      case 'w':
        return at + 2;
      case 'e':
        return at + 3;
      case 'z':
        return at + immediate();
      case 'j':
        return shortOperand ? -1 : at + 4; // processors disagree on the short form
      case 'v':
        return at + ((rex & REX_W) != 0 ? 8 : immediate());
      case 'o':
        return shortAddress ? -1 : at + 8;
      case 'm':
        return behindModRm();
      case 'M':
        return behindModRm() + 1;
      case 'Z':
        return behindModRm() + immediate();
      case 't':
        return behindModRm() + (operation() < 2 ? 1 : 0);
      case 'T':
        return behindModRm() + (operation() < 2 ? immediate() : 0);
      case 'P':
        return operation() == 0 ? behindModRm() : -1;
      default:
        return -1;
    }
  }

  private int immediate() {
    return shortOperand && (rex & REX_W) == 0 ? 2 : 4;
  }

  /** The middle bits of the ModRM byte, which is next. */
  private int operation() {
    return at < code.limit() ? code.get(at) >> 3 & 7 : 0;
  }

  private int behindModRm() {
    if (at >= code.limit()) {
      return code.limit() + 1;
    }
    int modRm = code.get(at);
    int mode = modRm >> 6 & 3;
    int register = modRm & 7;
    if (mode == 3) {
      return at + 1;
    }
    int displacement = mode == 0 ? 0 : mode == 1 ? 1 : 4;
    if (register != 4) {
      return at + 1 + (mode == 0 && register == 5 ? 4 : displacement);
    }
    boolean noBase = at + 1 < code.limit() && (code.get(at + 1) & 7) == 5;
    return at + 2 + (mode == 0 && noBase ? 4 : displacement);
  }

  private int next() {
    return at < code.limit() ? code.get(at++) & 0xff : -1;
  }
}
