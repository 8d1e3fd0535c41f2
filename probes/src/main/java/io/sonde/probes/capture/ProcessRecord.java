package io.sonde.probes.capture;

import io.sonde.contract.RecordLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads {@code struct sonde_process}, the records that end in this process. Offsets in bytes from
 * the start of the record; a test compares them with record.h and process.bpf.c.
 */
final class ProcessRecord {
  static final int EXEC = 16;
  static final int FORK = 17;
  static final int EXIT = 18;
  static final int LISTEN = 19;
  static final int TLS_SEEN = 20;

  static final int START_NS = RecordLayout.Header.SIZE;
  static final int PARENT_TGID = 48;
  static final int UID = 52;
  static final int PORT = 56;
  static final int PATH_LENGTH = 60;
  static final int ARGS_LENGTH = 64;
  static final int DATA = 72;
  static final int MAX_PATH = 256;
  static final int MAX_ARGS = 512;

  private final ByteBuffer buffer;
  private final int at;

  ProcessRecord(ByteBuffer buffer, int at) {
    this.buffer = buffer;
    this.at = at;
  }

  int pid() {
    return buffer.getInt(at + RecordLayout.Header.TGID);
  }

  long timeNs() {
    return buffer.getLong(at + RecordLayout.Header.TIME_NS);
  }

  long startNs() {
    return buffer.getLong(at + START_NS);
  }

  int parentPid() {
    return buffer.getInt(at + PARENT_TGID);
  }

  int uid() {
    return buffer.getInt(at + UID);
  }

  int port() {
    return buffer.getInt(at + PORT);
  }

  /** EXEC: as given to execve, so it may be relative. */
  String path() {
    int length = Math.min(buffer.getInt(at + PATH_LENGTH), MAX_PATH);
    return text(DATA, Math.max(length - 1, 0));
  }

  /** EXEC: cut to the first 512 bytes. */
  List<String> arguments() {
    int length = Math.min(buffer.getInt(at + ARGS_LENGTH), MAX_ARGS);
    List<String> arguments = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < length; i++) {
      if (buffer.get(at + DATA + MAX_PATH + i) == 0) {
        arguments.add(text(DATA + MAX_PATH + start, i - start));
        start = i + 1;
      }
    }
    return arguments;
  }

  private String text(int offset, int length) {
    byte[] bytes = new byte[length];
    buffer.get(at + offset, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
