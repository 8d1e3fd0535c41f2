package io.sonde.pipeline.export.otlp.transport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * By which it is seen that a file is another one than before. Secrets of Kubernetes are replaced by
 * links to other files: the key tells these apart.
 *
 * @param key of the file system; null where it has none
 */
record FileVersion(long size, FileTime modified, Object key) {
  static FileVersion of(Path file) throws IOException {
    BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
    return new FileVersion(now.size(), now.lastModifiedTime(), now.fileKey());
  }
}
