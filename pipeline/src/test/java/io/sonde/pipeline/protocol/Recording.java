package io.sonde.pipeline.protocol;

import io.sonde.pipeline.connection.SimulatedCapture;
import io.sonde.pipeline.connection.SimulatedConnection;
import io.sonde.pipeline.event.Role;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A recorded conversation. Lines:
 *
 * <pre>
 *   > bytes      one read's worth from the client; \r \n \\ \xHH are escapes
 *   &lt; bytes      … from the server
 *   client close, server close
 *   = text       an exchange that must come out, in order
 *   ! cause      a loss that must be counted, one line for each time
 *   # comment
 * </pre>
 */
public record Recording(
    String name,
    List<Piece> pieces,
    boolean closedByServer,
    List<String> expected,
    List<String> losses) {

  /** Bytes in one direction. */
  public record Piece(boolean fromClient, byte[] data) {}

  static Recording read(Path file) throws IOException {
    List<Piece> pieces = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    List<String> losses = new ArrayList<>();
    boolean byServer = false;
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith("> ") || line.startsWith("< ")) {
        pieces.add(new Piece(line.startsWith("> "), unescape(line.substring(2))));
      } else if (line.startsWith("= ")) {
        expected.add(line.substring(2));
      } else if (line.startsWith("! ")) {
        losses.add(line.substring(2));
      } else if (line.endsWith(" close")) {
        byServer = line.startsWith("server");
      } else if (!line.startsWith("#") && !line.isBlank()) {
        throw new IOException(file + ": not a line of a recording: " + line);
      }
    }
    return new Recording(file.getFileName().toString(), pieces, byServer, expected, losses);
  }

  int length() {
    return pieces.stream().mapToInt(p -> p.data().length).sum();
  }

  public Recording withPieces(List<Piece> others) {
    return new Recording(name, others, closedByServer, expected, losses);
  }

  /** The same bytes, with every piece cut into pieces of at most {@code size}. */
  public Recording cutInto(int size) {
    List<Piece> cut = new ArrayList<>();
    for (Piece piece : pieces) {
      for (int from = 0; from < piece.data().length; from += size) {
        cut.add(part(piece, from, Math.min(piece.data().length, from + size)));
      }
    }
    return withPieces(cut);
  }

  /** The same bytes, with one more cut at this position of the whole. */
  Recording cutAt(int position) {
    List<Piece> cut = new ArrayList<>();
    int before = 0;
    for (Piece piece : pieces) {
      int at = position - before;
      if (at > 0 && at < piece.data().length) {
        cut.add(part(piece, 0, at));
        cut.add(part(piece, at, piece.data().length));
      } else {
        cut.add(piece);
      }
      before += piece.data().length;
    }
    return withPieces(cut);
  }

  /** Only the bytes before this position. */
  Recording endingAt(int position) {
    List<Piece> kept = new ArrayList<>();
    int before = 0;
    for (Piece piece : pieces) {
      int at = Math.min(piece.data().length, position - before);
      if (at > 0) {
        kept.add(part(piece, 0, at));
      }
      before += piece.data().length;
    }
    return withPieces(kept);
  }

  public void play(SimulatedConnection connection, Role role) {
    for (Piece piece : pieces) {
      if (piece.fromClient() == (role == Role.SERVER)) {
        connection.rx(piece.data());
      } else {
        connection.tx(piece.data());
      }
    }
  }

  /** Plays all of it as seen by one side, to the close. */
  public SimulatedCapture play(SimulatedCapture capture, Role role) {
    SimulatedConnection connection = capture.connect(role);
    play(connection, role);
    connection.close(false, closedByServer == (role == Role.SERVER));
    return capture;
  }

  private static Piece part(Piece piece, int from, int to) {
    return new Piece(piece.fromClient(), Arrays.copyOfRange(piece.data(), from, to));
  }

  private static byte[] unescape(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\\') {
        bytes.write(c);
        continue;
      }
      char escape = text.charAt(++i);
      switch (escape) {
        case 'r' -> bytes.write('\r');
        case 'n' -> bytes.write('\n');
        case '\\' -> bytes.write('\\');
        case 'x' -> {
          bytes.write(Integer.parseInt(text.substring(i + 1, i + 3), 16));
          i += 2;
        }
        default -> throw new IOException("unknown escape \\" + escape);
      }
    }
    return bytes.toByteArray();
  }
}
