package io.sonde.probes.elf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The note NT_GNU_BUILD_ID, in its own section or in a note segment.
 *
 * <pre>
 *   |name size (4)|descriptor size (4)|type (4)|name, padded to 4|descriptor, padded to 4| …
 * </pre>
 */
final class BuildId {
  private static final int MAX_NOTES = 4096;
  private static final int MAX_ID = 64;
  private static final int HEADER = 12;
  private static final int TYPE = 3;
  private static final int GNU = 0x00554e47; // 'G' 'N' 'U' 0

  private BuildId() {}

  static Optional<String> of(ElfFile file) throws IOException {
    Optional<Section> section = file.section(".note.gnu.build-id");
    if (section.isPresent()) {
      return in(file, section.get().offset(), section.get().size());
    }
    for (Segment segment : file.segments()) {
      if (segment.type() == Segment.NOTE) {
        Optional<String> id = in(file, segment.offset(), segment.fileSize());
        if (id.isPresent()) {
          return id;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> in(ElfFile file, long offset, long size) throws IOException {
    ByteBuffer notes = file.read(offset, (int) Math.min(size, MAX_NOTES));
    while (notes.remaining() >= HEADER) {
      int nameSize = notes.getInt();
      int idSize = notes.getInt();
      int type = notes.getInt();
      if (nameSize < 0 || idSize < 0 || padded(nameSize) + padded(idSize) > notes.remaining()) {
        return Optional.empty();
      }
      int at = notes.position();
      if (type == TYPE && nameSize == 4 && notes.getInt(at) == GNU && idSize <= MAX_ID) {
        byte[] id = new byte[idSize];
        notes.get(at + 4, id);
        return id.length == 0 ? Optional.empty() : Optional.of(HexFormat.of().formatHex(id));
      }
      notes.position((int) (at + padded(nameSize) + padded(idSize)));
    }
    return Optional.empty();
  }

  private static long padded(int size) {
    return (size + 3L) & ~3L;
  }
}
