package io.sonde.probes.probe.go;

import java.util.LinkedHashMap;
import java.util.Map;

/** What {@link GoAct} repeats of go_acts.bpf.h, by C expression. */
public final class GoActNumbers {
  private GoActNumbers() {}

  public static Map<String, Integer> all() {
    Map<String, Integer> numbers = new LinkedHashMap<>();
    for (GoAct act : GoAct.values()) {
      numbers.put("GO_" + act.name(), act.number());
      numbers.put("GO_" + act.name() + " | GO_AT_BEGIN", act.atBegin().number());
    }
    return numbers;
  }
}
