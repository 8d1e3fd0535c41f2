package io.sonde.probes.probe.tls;

import io.sonde.probes.elf.x86.Price;
import io.sonde.probes.probe.files.Hook;
import java.util.LinkedHashMap;
import java.util.Map;

/** What {@link TlsFunction} repeats of tls_functions.bpf.h, by C expression. */
public final class TlsFunctionNumbers {
  private static final int LIBRARY = 5;

  private TlsFunctionNumbers() {}

  public static Map<String, Integer> all() {
    Map<String, Integer> numbers = new LinkedHashMap<>();
    for (TlsFunction function : TlsFunction.values()) {
      String name = "TLS_" + function.name();
      numbers.put(name, function.number());
      numbers.put(
          LIBRARY + " << TLS_LIBRARY_SHIFT | (" + name + " & TLS_FUNCTION_MASK)",
          (int) new Hook("", false, function, "", 0, Price.EMULATED).attachCookie(LIBRARY));
    }
    return numbers;
  }
}
