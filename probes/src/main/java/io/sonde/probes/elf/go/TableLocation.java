package io.sonde.probes.elf.go;

import io.sonde.probes.elf.ElfFile;
import io.sonde.probes.elf.Section;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Where the table of functions is.
 *
 * @param header how it begins
 * @param offset in the file
 * @param address virtual
 * @param available bytes there are from its start on
 */
record TableLocation(TableHeader header, long offset, long address, long available) {
  private static final List<String> SECTIONS = List.of(".gopclntab", ".data.rel.ro.gopclntab");

  /** Where a linker of C puts it that does not keep Go's sections apart. */
  private static final String MERGED = ".data.rel.ro";

  private static final int CHUNK = 64 * 1024;

  /** Looked through at most. */
  private static final long MAX_MERGED = 256 << 20;

  static TableLocation in(ElfFile file) throws IOException, UnreadableGoException {
    for (String name : SECTIONS) {
      Optional<Section> section = file.section(name);
      if (section.isPresent()) {
        return at(file, section.get(), 0)
            .orElseThrow(
                () ->
                    new UnreadableGoException(
                        "its table of functions is of a version of Go that is not known"));
      }
    }
    Optional<Section> merged = file.section(MERGED);
    Optional<TableLocation> found =
        merged.isPresent() ? search(file, merged.get()) : Optional.empty();
    return found.orElseThrow(() -> new UnreadableGoException("it has no table of functions"));
  }

  private static Optional<TableLocation> search(ElfFile file, Section section) throws IOException {
    long size = Math.min(section.size(), MAX_MERGED);
    int read = CHUNK;
    for (long at = 0; at < size && read == CHUNK; at += CHUNK) {
      ByteBuffer bytes = file.read(section.offset() + at, (int) Math.min(CHUNK, size - at));
      read = bytes.limit();
      for (int i = 0; i + Long.BYTES <= read; i += Long.BYTES) {
        if (TableHeader.beginsWith(bytes.getLong(i))) {
          Optional<TableLocation> found = at(file, section, at + i);
          if (found.isPresent()) {
            return found;
          }
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<TableLocation> at(ElfFile file, Section section, long distance)
      throws IOException {
    long offset = section.offset() + distance;
    ByteBuffer start = file.read(offset, TableHeader.SIZE);
    if (start.limit() < TableHeader.SIZE || !TableHeader.beginsWith(start.getLong(0))) {
      return Optional.empty();
    }
    TableHeader header = TableHeader.of(start);
    long available = section.size() - distance;
    return header.fits(available)
        ? Optional.of(new TableLocation(header, offset, section.address() + distance, available))
        : Optional.empty();
  }
}
