package io.sonde.probes.probe.tls;

import io.sonde.probes.elf.ElfFile;
import io.sonde.probes.elf.Symbol;
import io.sonde.probes.elf.x86.EntryPoint;
import io.sonde.probes.elf.x86.Price;
import io.sonde.probes.probe.files.AttachPlan;
import io.sonde.probes.probe.files.Hook;
import io.sonde.probes.probe.files.HookFinder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** TLS libraries with the calling convention of C, in a file of their own or in an executable. */
public enum CLibrary implements HookFinder {
  /** And those that took its interface over: BoringSSL, LibreSSL. */
  OPENSSL(
      "OpenSSL",
      Map.of(
          "SSL_read", TlsFunction.READ,
          "SSL_read_ex", TlsFunction.READ_EX,
          "SSL_write", TlsFunction.WRITE,
          "SSL_write_ex", TlsFunction.WRITE_EX,
          "SSL_write_ex2", TlsFunction.WRITE_EX2,
          "SSL_do_handshake", TlsFunction.HANDSHAKE,
          "SSL_shutdown", TlsFunction.SHUTDOWN,
          "SSL_free", TlsFunction.END,
          "SSL_clear", TlsFunction.END),
      Set.of("SSL_read", "SSL_write"),
      true),

  GNUTLS(
      "GnuTLS",
      Map.of(
          "gnutls_record_recv", TlsFunction.READ,
          "gnutls_record_send", TlsFunction.WRITE,
          "gnutls_handshake", TlsFunction.HANDSHAKE,
          "gnutls_bye", TlsFunction.SHUTDOWN,
          "gnutls_deinit", TlsFunction.END),
      Set.of("gnutls_record_recv", "gnutls_record_send"),
      false);

  private final String label;
  private final Map<String, TlsFunction> functions;
  private final Set<String> required;
  private final boolean linkedIntoExecutables;

  CLibrary(
      String label,
      Map<String, TlsFunction> functions,
      Set<String> required,
      boolean linkedIntoExecutables) {
    this.label = label;
    this.functions = functions;
    this.required = required;
    this.linkedIntoExecutables = linkedIntoExecutables;
  }

  @Override
  public Optional<AttachPlan> find(ElfFile file) throws IOException {
    Map<String, Symbol> found =
        linkedIntoExecutables
            ? file.functions(functions.keySet())
            : file.exportedFunctions(functions.keySet());
    if (file.machine() != ElfFile.X86_64 || !found.keySet().containsAll(required)) {
      return Optional.empty();
    }
    List<Hook> hooks = new ArrayList<>();
    List<String> left = new ArrayList<>(found.keySet().stream().sorted().toList());
    for (InternalFunction internal : InternalFunction.of(file, found)) {
      if (add(hooks, file, internal.function(), internal.name(), internal.address(), true)) {
        left.removeAll(internal.wrappers());
      }
    }
    for (String name : left) {
      add(hooks, file, functions.get(name), name, found.get(name).address(), false);
    }
    return Optional.of(new AttachPlan(label, AttachPlan.Kind.C, hooks));
  }

  /**
   * @param onlyCheap leaves it when it would be single-stepped
   * @return whether it was added
   */
  private static boolean add(
      List<Hook> hooks,
      ElfFile file,
      TlsFunction function,
      String name,
      long address,
      boolean onlyCheap)
      throws IOException {
    ByteBuffer code = file.readAt(address, EntryPoint.LENGTH);
    EntryPoint entry = EntryPoint.of(code, function.arguments());
    OptionalLong offset = file.codeOffsetOf(address + entry.distance());
    if (offset.isEmpty() || onlyCheap && entry.price() != Price.EMULATED) {
      return false;
    }
    long at = offset.getAsLong();
    hooks.add(new Hook(TlsProbe.ON_CALL, false, function, name, at, entry.price()));
    if (function != TlsFunction.END) {
      hooks.add(new Hook(TlsProbe.ON_RETURN, true, function, name, at, entry.price()));
    }
    return true;
  }
}
