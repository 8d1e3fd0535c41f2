package io.sonde.probes.doctor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** Names in the kernel's own type information (Documentation/bpf/btf.rst). */
final class KernelBtf {
  static final String FILE = "sys/kernel/btf/vmlinux";

  private static final int MAGIC = 0xEB9F;
  private static final int HEADER_LENGTH_AT = 4;
  private static final int STRINGS_OFFSET_AT = 16;
  private static final int STRINGS_LENGTH_AT = 20;
  private static final int MIN_HEADER = 24;

  private KernelBtf() {}

  /** Those of the names that are not in it. */
  static Set<String> missing(Path file, Collection<String> names) throws IOException {
    ByteBuffer btf = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.nativeOrder());
    if (btf.capacity() < MIN_HEADER || Short.toUnsignedInt(btf.getShort(0)) != MAGIC) {
      throw new IOException("it is not BTF");
    }
    int start = btf.getInt(HEADER_LENGTH_AT) + btf.getInt(STRINGS_OFFSET_AT);
    int length = btf.getInt(STRINGS_LENGTH_AT);
    if (start < 0 || length < 0 || length > btf.capacity() - start) {
      throw new IOException("it is cut short");
    }
    Set<String> missing = new HashSet<>(names);
    // One name after another, each ended by a zero.
    int from = start;
    for (int at = start; at < start + length && !missing.isEmpty(); at++) {
      if (btf.get(at) == 0) {
        missing.remove(new String(btf.array(), from, at - from, StandardCharsets.ISO_8859_1));
        from = at + 1;
      }
    }
    return missing;
  }
}
