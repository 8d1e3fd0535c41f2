package io.sonde.probes.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads /proc (proc(5)). A process may end at any moment, so every answer may be empty. Sizes are
 * bounded: command lines and environments belong to the process and may be anything.
 */
public final class ProcFs {
  private static final int MAX_BYTES = 128 * 1024;
  private static final int MAX_ARGUMENTS = 64;
  private static final int MAX_FILES = 256;
  private static final int MAX_ARGUMENT = 4096;
  private static final long TICK_NS = 10_000_000; // USER_HZ is 100 on every supported architecture

  /** A variable that is longer is not kept: cut, it would say something else. */
  private static final int MAX_VARIABLE = 4096;

  private static final Pattern NAMESPACE = Pattern.compile("net:\\[(\\d+)]");

  private final Path root = Path.of("/proc");
  private final Language language = new Language();

  /** All processes that exist now. */
  public List<Integer> pids() {
    List<Integer> pids = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(root, "[0-9]*")) {
      for (Path entry : entries) {
        pids.add(Integer.valueOf(entry.getFileName().toString()));
      }
    } catch (IOException e) {
      throw new IllegalStateException("/proc cannot be listed; is it mounted?", e);
    }
    return pids;
  }

  /** Resolved path of the executable; empty for kernel threads and processes that are gone. */
  public Optional<String> executable(int pid) {
    try {
      String path = Files.readSymbolicLink(path(pid, "exe")).toString();
      String deleted = " (deleted)";
      return Optional.of(
          path.endsWith(deleted) ? path.substring(0, path.length() - deleted.length()) : path);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Command line, cut to a bounded size; empty when the process is gone. */
  public List<String> arguments(int pid) {
    return splitAtNul(read(pid, "cmdline"), MAX_ARGUMENTS, MAX_ARGUMENT);
  }

  /** Whether one of its first 256 open files is a socket. */
  public boolean holdsSockets(int pid) {
    try (DirectoryStream<Path> open = Files.newDirectoryStream(path(pid, "fd"))) {
      int looked = 0;
      for (Path file : open) {
        if (looked++ == MAX_FILES) {
          break;
        }
        if (isSocket(file)) {
          return true;
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return false; // the process is gone
    }
    return false;
  }

  private static boolean isSocket(Path file) {
    try {
      return Files.readSymbolicLink(file).toString().startsWith("socket:");
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }

  /** As in {@link ProcessFacts}. */
  public String language(int pid) {
    return language.detect(executable(pid).orElse(""), path(pid, "exe"), path(pid, "maps"));
  }

  /** As in {@link ProcessFacts}. */
  public String containerId(int pid) {
    return Cgroup.parse(text(pid, "cgroup")).containerId();
  }

  /** All facts, or empty when the process is gone. */
  public Optional<ProcessFacts> facts(int pid) {
    String stat = text(pid, "stat");
    int afterName = stat.lastIndexOf(')');
    if (afterName < 0) {
      return Optional.empty();
    }
    // fields from the third on: state ppid … starttime is field 22
    String[] fields = stat.substring(afterName + 2).split(" ");
    if (fields.length < 20) {
      return Optional.empty();
    }
    String executable = executable(pid).orElse("");
    Map<String, String> status = status(pid);
    Cgroup cgroup = Cgroup.parse(text(pid, "cgroup"));
    return Optional.of(
        new ProcessFacts(
            pid,
            Long.parseLong(fields[19]) * TICK_NS,
            Integer.parseInt(fields[1]),
            firstNumber(status.get("Uid"), 0),
            lastNumber(status.get("NSpid"), pid),
            executable,
            arguments(pid),
            workingDirectory(pid),
            language.detect(executable, path(pid, "exe"), path(pid, "maps")),
            cgroup.containerId(),
            cgroup.podUid(),
            netns(pid),
            environment(pid)));
  }

  /** As the process sees it; empty when it cannot be read. */
  private String workingDirectory(int pid) {
    try {
      return Files.readSymbolicLink(path(pid, "cwd")).toString();
    } catch (IOException e) {
      return "";
    }
  }

  private Map<String, String> status(int pid) {
    Map<String, String> status = new HashMap<>();
    text(pid, "status")
        .lines()
        .forEach(
            line -> {
              int colon = line.indexOf(':');
              if (colon > 0) {
                status.put(line.substring(0, colon), line.substring(colon + 1).strip());
              }
            });
    return status;
  }

  private static int firstNumber(String value, int otherwise) {
    return value == null ? otherwise : Integer.parseInt(value.split("\\s+")[0]);
  }

  private static int lastNumber(String value, int otherwise) {
    if (value == null) {
      return otherwise;
    }
    String[] numbers = value.split("\\s+");
    return Integer.parseInt(numbers[numbers.length - 1]);
  }

  private long netns(int pid) {
    try {
      Matcher matcher = NAMESPACE.matcher(Files.readSymbolicLink(path(pid, "ns/net")).toString());
      return matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  /** The other variables may hold secrets: they are not even kept. */
  private Map<String, String> environment(int pid) {
    Map<String, String> kept = new HashMap<>();
    for (String variable : splitAtNul(read(pid, "environ"), Integer.MAX_VALUE, MAX_BYTES)) {
      int equals = variable.indexOf('=');
      if (equals > 0 && variable.length() - equals <= MAX_VARIABLE) {
        OtelVariables.kept(variable.substring(0, equals), variable.substring(equals + 1))
            .ifPresent(value -> kept.put(variable.substring(0, equals), value));
      }
    }
    return kept;
  }

  /**
   * @param limit of parts
   * @param longest part, bytes: a longer one is cut
   */
  static List<String> splitAtNul(byte[] bytes, int limit, int longest) {
    List<String> parts = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < bytes.length && parts.size() < limit; i++) {
      if (bytes[i] == 0) {
        parts.add(new String(bytes, start, Math.min(i - start, longest), StandardCharsets.UTF_8));
        start = i + 1;
      }
    }
    return parts;
  }

  private String text(int pid, String file) {
    return new String(read(pid, file), StandardCharsets.UTF_8);
  }

  private byte[] read(int pid, String file) {
    try (InputStream in = Files.newInputStream(path(pid, file))) {
      return in.readNBytes(MAX_BYTES);
    } catch (IOException e) {
      return new byte[0]; // the process is gone, or is a kernel thread
    }
  }

  private Path path(int pid, String file) {
    return root.resolve(Integer.toString(pid)).resolve(file);
  }
}
