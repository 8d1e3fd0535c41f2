package io.sonde.probes.probe.go;

import io.sonde.probes.elf.ElfFile;
import io.sonde.probes.elf.go.GoCode;
import io.sonde.probes.elf.go.GoFunction;
import io.sonde.probes.elf.go.Release;
import io.sonde.probes.elf.go.UnreadableGoException;
import io.sonde.probes.elf.x86.Price;
import io.sonde.probes.probe.files.Hook;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where an act is seen: at the begin of a function, or where it calls another one directly. The
 * kernel emulates both.
 *
 * @param functions by their names in several releases or forms; those that are there
 * @param callee empty: at the begin
 * @param argument of the hooks, by the release
 */
record Place(GoAct act, List<String> functions, String callee, ToIntFunction<Release> argument) {
  private static final ToIntFunction<Release> NOTHING = release -> 0;

  static Place begin(GoAct act, String... functions) {
    return new Place(act, List.of(functions), "", NOTHING);
  }

  static Place call(GoAct act, String function, String callee) {
    return new Place(act, List.of(function), callee, NOTHING);
  }

  Place with(ToIntFunction<Release> layout) {
    return new Place(act, functions, callee, layout);
  }

  /** All that have to be looked for. */
  Stream<String> names() {
    return Stream.concat(functions.stream(), Stream.of(callee).filter(name -> !name.isEmpty()));
  }

  boolean isIn(Map<String, List<GoFunction>> found) {
    return functions.stream().anyMatch(found::containsKey);
  }

  /** Hooks of all functions of these names; none when the program has none. */
  List<Hook> hooks(ElfFile file, Map<String, List<GoFunction>> found, Release release)
      throws IOException, UnreadableGoException {
    List<Hook> hooks = new ArrayList<>();
    Set<Long> callees =
        found.getOrDefault(callee, List.of()).stream()
            .map(GoFunction::start)
            .collect(Collectors.toSet());
    for (String name : functions) {
      for (GoFunction function : found.getOrDefault(name, List.of())) {
        GoCode code = GoCode.of(file, function);
        if (callee.isEmpty()) {
          hooks.add(hook(name, release, code.begin()));
        } else {
          code.callsOf(callees).forEach(offset -> hooks.add(hook(name, release, offset)));
        }
      }
    }
    return hooks;
  }

  private Hook hook(String function, Release release, long offset) {
    return new Hook(
        GoHooks.PROGRAM,
        false,
        callee.isEmpty() ? act.atBegin() : act,
        argument.applyAsInt(release),
        function.substring(function.lastIndexOf('/') + 1),
        offset,
        Price.EMULATED);
  }
}
