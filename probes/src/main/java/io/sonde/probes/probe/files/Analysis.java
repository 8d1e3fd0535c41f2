package io.sonde.probes.probe.files;

import java.util.List;

/**
 * What was found in a file.
 *
 * @param buildId in hexadecimal, or empty; for messages
 * @param dynamic whether it asks for a dynamic linker, so that libraries may come
 * @param plans where to attach; empty when it has nothing that is known
 * @param refusals why something that it does by itself cannot be looked into
 */
record Analysis(String buildId, boolean dynamic, List<AttachPlan> plans, List<Refusal> refusals) {
  Analysis {
    plans = List.copyOf(plans);
    refusals = List.copyOf(refusals);
  }
}
