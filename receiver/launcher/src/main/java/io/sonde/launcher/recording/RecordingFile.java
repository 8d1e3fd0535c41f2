package io.sonde.launcher.recording;

import io.sonde.pipeline.event.CaptureSink;
import io.sonde.pipeline.event.CaptureStarted;
import io.sonde.server.Replay;
import io.sonde.server.recording.CaptureTap;
import io.sonde.server.recording.RecordingException;
import io.sonde.server.recording.RecordingReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Recordings in the file system; every failure is told in the words of who gave the path. */
public final class RecordingFile {
  private static final Logger LOG = Logger.getLogger(RecordingFile.class.getName());
  private static final String STDIN = "-";

  private RecordingFile() {}

  /** For the owner only. */
  public static FileChannel make(Path file) throws IOException {
    try {
      return FileChannel.open(
          file,
          Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (FileAlreadyExistsException e) {
      throw new IOException(file + " exists: remove it, or give the recording another name", e);
    } catch (IOException e) {
      throw new IOException("cannot make " + file + " (" + reason(e) + ")", e);
    }
  }

  /**
   * The file that standard input is open on, for writing: made by who may, for one who may not
   * enter its directory.
   */
  public static FileChannel onStdin() {
    return new FileOutputStream(FileDescriptor.in).getChannel();
  }

  /**
   * @param file {@code -} for standard input
   */
  public static RecordingReader open(Path file) throws IOException {
    InputStream in;
    try {
      in = file.toString().equals(STDIN) ? System.in : Files.newInputStream(file);
    } catch (IOException e) {
      throw new IOException("cannot read " + file + " (" + reason(e) + ")", e);
    }
    try {
      return new RecordingReader(in);
    } catch (IOException e) {
      in.close();
      throw new IOException(file + " cannot be replayed: " + e.getMessage(), e);
    }
  }

  private static String reason(IOException e) {
    return e instanceof NoSuchFileException ? "there is no such file or directory" : e.toString();
  }

  /** Copies what is not redacted, or is to be cut short. */
  public static void feed(
      Path file, RecordingReader recording, CaptureTap copy, BooleanSupplier goOn)
      throws IOException {
    feed(file, recording, started -> new IgnoringSink(), copy, goOn);
  }

  static void feed(
      Path file,
      RecordingReader recording,
      Function<CaptureStarted, CaptureSink> pipeline,
      CaptureTap tap,
      BooleanSupplier goOn)
      throws IOException {
    Replay replay = new Replay(recording, pipeline, tap);
    try {
      replay.run(goOn);
    } catch (RecordingException e) {
      throw new IOException(
          "%s: %s; what comes before it has been read".formatted(file, e.getMessage()), e);
    }
    if (recording.ending() == RecordingReader.Ending.CUT_OFF) {
      LOG.log(
          Level.WARNING,
          "{0} has no end: what recorded it was killed, or had no room on its disk; all that is"
              + " there was read",
          file);
    }
    LOG.log(
        Level.INFO,
        "read {0} messages with {1} records",
        new Object[] {
          Long.toString(replay.accounts().get(0).outTotal()),
          Long.toString(replay.accounts().get(1).outTotal())
        });
  }
}
