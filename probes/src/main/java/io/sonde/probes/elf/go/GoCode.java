package io.sonde.probes.elf.go;

import io.sonde.probes.elf.ElfFile;
import io.sonde.probes.elf.x86.Instructions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * The code of one function, in which places for probes are looked for. All of it was read as
 * instructions, one behind the other, so that a place is never within one.
 */
public final class GoCode {
  /** Functions that Sonde looks at have some hundred or thousand bytes. */
  private static final int MAX_BYTES = 256 * 1024;

  private static final byte RET = (byte) 0xc3;
  private static final byte CALL = (byte) 0xe8;

  /** Returns that also take arguments from the stack, or are far: no Go compiler makes them. */
  private static final Set<Integer> OTHER_RETURNS = Set.of(0xc2, 0xca, 0xcb, 0xcf);

  private final GoFunction function;
  private final ByteBuffer code;
  private final long offset;
  private final List<Integer> starts = new ArrayList<>();

  private GoCode(GoFunction function, ByteBuffer code, long offset) {
    this.function = function;
    this.code = code;
    this.offset = offset;
  }

  /**
   * Reads it.
   *
   * @throws UnreadableGoException when it is not where it should be, or has an instruction that is
   *     not known
   */
  public static GoCode of(ElfFile file, GoFunction function)
      throws IOException, UnreadableGoException {
    long size = function.end() - function.start();
    OptionalLong offset = file.codeOffsetOf(function.start());
    if (offset.isEmpty() || size <= 0 || size > MAX_BYTES) {
      throw new UnreadableGoException(function.name() + " is not where its code could be");
    }
    ByteBuffer code = file.readAt(function.start(), (int) size);
    GoCode read = new GoCode(function, code, offset.getAsLong());
    read.decode((int) size);
    return read;
  }

  private void decode(int size) throws UnreadableGoException {
    int length;
    for (int at = 0; at < size; at += length) {
      length = Instructions.length(code, at);
      if (length == Instructions.UNKNOWN) {
        throw new UnreadableGoException(
            function.name() + " has an instruction that is not known, at byte " + at);
      }
      starts.add(at);
    }
  }

  /**
   * Where, in the file, the kernel emulates an instruction while all arguments are still in
   * registers. It may be the jump that is taken when the stack has to grow, after which the
   * function begins once more: then the flags say "below or equal".
   *
   * @throws UnreadableGoException when it does not begin as Go functions of 1.17 and later do
   */
  public long begin() throws UnreadableGoException {
    OptionalInt probe = StackCheck.probe(code);
    if (probe.isEmpty()) {
      throw new UnreadableGoException(
          function.name() + " does not begin as Go's compilers since 1.17 let functions begin");
    }
    return offset + probe.getAsInt();
  }

  /** Of every return, in the file. */
  public List<Long> returns() throws UnreadableGoException {
    if (starts.stream().anyMatch(at -> OTHER_RETURNS.contains(code.get(at) & 0xff))) {
      throw new UnreadableGoException(function.name() + " returns as no Go function does");
    }
    return where(at -> code.get(at) == RET);
  }

  /** Of every direct call of a function that begins at one of these addresses, in the file. */
  public List<Long> callsOf(Set<Long> addresses) {
    return where(
        at ->
            code.get(at) == CALL
                && addresses.contains(function.start() + at + 5 + code.getInt(at + 1)));
  }

  private List<Long> where(IntPredicate place) {
    return starts.stream()
        .mapToInt(Integer::intValue)
        .filter(place)
        .mapToObj(at -> offset + at)
        .toList();
  }
}
