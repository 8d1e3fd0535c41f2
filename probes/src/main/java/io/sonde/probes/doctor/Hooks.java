package io.sonde.probes.doctor;

import io.sonde.probes.probe.Probe;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a probe's programs hang, read from the names of their ELF sections. */
final class Hooks {
  private static final Pattern SECTION = Pattern.compile("\0(tp_btf|iter)/([a-z0-9_]+)\0");

  private Hooks() {}

  /** The names by which the kernel's type information knows them. */
  static Set<String> of(Probe probe) throws IOException {
    try (InputStream in = probe.getClass().getResourceAsStream(probe.name() + ".bpf.o")) {
      if (in == null) {
        throw new IOException(probe.name() + ".bpf.o is not in the installation");
      }
      Matcher section = SECTION.matcher(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
      Set<String> hooks = new TreeSet<>();
      // The zero that ends one name begins the next.
      for (int at = 0; section.find(at); at = section.end() - 1) {
        String prefix = section.group(1).equals("iter") ? "bpf_iter_" : "btf_trace_";
        hooks.add(prefix + section.group(2));
      }
      return hooks;
    }
  }
}
