package io.sonde.probes.probe.tls;

import io.sonde.probes.elf.ElfFile;
import io.sonde.probes.elf.Symbol;
import io.sonde.probes.elf.x86.EntryPoint;
import io.sonde.probes.elf.x86.Price;
import io.sonde.probes.elf.x86.ThinWrapper;
import io.sonde.probes.elf.x86.ThinWrapper.Wrapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The function in which two exported ones of OpenSSL meet, where that is cheaper to attach to:
 * {@code ssl_read_internal(s, buf, num, &readbytes)} and {@code ssl_write_internal(s, buf, num,
 * &written)}, since 3.3 {@code (s, buf, num, flags, &written)} (ssl/ssl_lib.c).
 *
 * @param name as in messages; stripping has taken its own away, so it is OpenSSL's
 * @param wrappers that need not be attached to
 */
record InternalFunction(TlsFunction function, String name, long address, List<String> wrappers) {

  private static final String READ = "SSL_read";
  private static final String READ_EX = "SSL_read_ex";
  private static final String WRITE = "SSL_write";
  private static final String WRITE_EX = "SSL_write_ex";

  /** Tells the form of the internal function, and calls it for SSL_write_ex too. */
  private static final String WRITE_EX2 = "SSL_write_ex2";

  /** Those that are certain to be there and of use. */
  static List<InternalFunction> of(ElfFile file, Map<String, Symbol> found) throws IOException {
    List<InternalFunction> internal = new ArrayList<>();
    if (isDear(file, found, READ, READ_EX)) {
      ThinWrapper.ofFour(wrapper(file, found.get(READ)), wrapper(file, found.get(READ_EX)))
          .ifPresent(
              address ->
                  internal.add(
                      new InternalFunction(
                          TlsFunction.READ_EX,
                          "ssl_read_internal",
                          address,
                          List.of(READ, READ_EX))));
    }
    boolean hasFlags = found.containsKey(WRITE_EX2);
    String extended = hasFlags ? WRITE_EX2 : WRITE_EX;
    if (isDear(file, found, WRITE, extended)) {
      Wrapper shortForm = wrapper(file, found.get(WRITE));
      Wrapper longForm = wrapper(file, found.get(extended));
      (hasFlags ? ThinWrapper.ofFive(shortForm, longForm) : ThinWrapper.ofFour(shortForm, longForm))
          .ifPresent(
              address ->
                  internal.add(
                      new InternalFunction(
                          hasFlags ? TlsFunction.WRITE_EX2 : TlsFunction.WRITE_EX,
                          "ssl_write_internal",
                          address,
                          List.of(WRITE, WRITE_EX, WRITE_EX2))));
    }
    return internal;
  }

  private static Wrapper wrapper(ElfFile file, Symbol symbol) throws IOException {
    return new Wrapper(file.readAt(symbol.address(), ThinWrapper.LENGTH), symbol.address());
  }

  /** Whether both are there, and one of them would be single-stepped. */
  private static boolean isDear(
      ElfFile file, Map<String, Symbol> found, String plain, String extended) throws IOException {
    return found.containsKey(plain)
        && found.containsKey(extended)
        && (price(file, found.get(plain)) != Price.EMULATED
            || price(file, found.get(extended)) != Price.EMULATED);
  }

  private static Price price(ElfFile file, Symbol symbol) throws IOException {
    ByteBuffer code = file.readAt(symbol.address(), EntryPoint.LENGTH);
    return EntryPoint.of(code, TlsFunction.WRITE_EX2.arguments()).price();
  }
}
