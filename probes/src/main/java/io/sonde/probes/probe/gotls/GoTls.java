package io.sonde.probes.probe.gotls;

import io.sonde.probes.elf.ElfFile;
import io.sonde.probes.elf.go.GoCode;
import io.sonde.probes.elf.go.GoFunction;
import io.sonde.probes.elf.go.GoFunctions;
import io.sonde.probes.elf.go.UnreadableGoException;
import io.sonde.probes.elf.x86.Price;
import io.sonde.probes.probe.files.AttachPlan;
import io.sonde.probes.probe.files.Hook;
import io.sonde.probes.probe.files.HookFinder;
import io.sonde.probes.probe.files.UnreadableFileException;
import io.sonde.probes.probe.tls.TlsFunction;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Go's crypto/tls in an executable. A write is seen where its bytes are about to be encrypted, a
 * read where the decrypted bytes are copied to the caller: one direct call of memmove, which the
 * kernel emulates, whereas returns are single-stepped.
 */
public final class GoTls implements HookFinder {
  /** At the begin of a function. */
  static final String ON_CALL = "on_go_call";

  /** Where a read copies what it gives. */
  static final String ON_COPY = "on_go_copy";

  /** At each return of a read. */
  static final String ON_RETURN = "on_go_return";

  private static final String COPY = "runtime.memmove";
  private static final String READ = "crypto/tls.(*Conn).Read";

  /** Called with what Write was, and with handshakes and alerts. */
  private static final String WRITE = "crypto/tls.(*Conn).writeRecordLocked";

  private static final Set<String> REQUIRED = Set.of(READ, WRITE);

  /** A program that is only a server, or only a client, may lack one of the handshakes. */
  private static final Map<String, TlsFunction> BEGINS =
      Map.of(
          WRITE,
          TlsFunction.GO_WRITE,
          "crypto/tls.(*Conn).clientHandshake",
          TlsFunction.GO_HANDSHAKE,
          "crypto/tls.(*Conn).serverHandshake",
          TlsFunction.GO_HANDSHAKE);

  @Override
  public Optional<AttachPlan> find(ElfFile file) throws IOException, UnreadableFileException {
    if (!GoFunctions.isGo(file)) {
      return Optional.empty();
    }
    Set<String> names = new HashSet<>(REQUIRED);
    names.addAll(BEGINS.keySet());
    names.add(COPY);
    try {
      Map<String, List<GoFunction>> found =
          GoFunctions.of(file).named(names).stream()
              .collect(Collectors.groupingBy(GoFunction::name));
      return found.keySet().containsAll(REQUIRED)
          ? Optional.of(new AttachPlan("crypto/tls", AttachPlan.Kind.GO, hooks(file, found)))
          : Optional.empty(); // the linker leaves out what is not used
    } catch (UnreadableGoException e) {
      throw new UnreadableFileException(e.getMessage());
    }
  }

  private static List<Hook> hooks(ElfFile file, Map<String, List<GoFunction>> found)
      throws IOException, UnreadableGoException {
    List<Hook> hooks = new ArrayList<>();
    for (Map.Entry<String, TlsFunction> begin : BEGINS.entrySet()) {
      for (GoFunction function : found.getOrDefault(begin.getKey(), List.of())) {
        long offset = GoCode.of(file, function).begin();
        hooks.add(hook(ON_CALL, begin.getValue(), begin.getKey(), offset, Price.EMULATED));
      }
    }
    Set<Long> copy =
        found.getOrDefault(COPY, List.of()).stream()
            .map(GoFunction::start)
            .collect(Collectors.toSet());
    for (GoFunction read : found.get(READ)) {
      hooks.addAll(ends(GoCode.of(file, read), copy));
    }
    return hooks;
  }

  /** Where a read is seen to give bytes. */
  private static List<Hook> ends(GoCode read, Set<Long> copy) throws UnreadableGoException {
    List<Long> copies = read.callsOf(copy);
    if (copies.size() == 1) {
      return List.of(hook(ON_COPY, TlsFunction.GO_COPY, READ, copies.get(0), Price.EMULATED));
    }
    return read.returns().stream()
        .map(offset -> hook(ON_RETURN, TlsFunction.GO_COPY, READ, offset, Price.SINGLE_STEPPED))
        .toList();
  }

  private static Hook hook(
      String program, TlsFunction function, String name, long offset, Price price) {
    return new Hook(program, false, function, name, offset, price);
  }
}
