package io.sonde.probes.probe.tls;

import java.util.List;

/**
 * What was found in a file.
 *
 * @param buildId in hexadecimal, or empty; for messages
 * @param dynamic whether it asks for a dynamic linker, so that libraries may come
 * @param plans where to attach; empty when it has nothing of TLS that is known
 * @param unreadable why TLS that it does by itself cannot be looked into; empty when nothing is
 *     known of that
 */
record Analysis(String buildId, boolean dynamic, List<AttachPlan> plans, String unreadable) {
  static final Analysis NOTHING = new Analysis("", false, List.of(), "");

  Analysis {
    plans = List.copyOf(plans);
  }

  static Analysis failed(String why) {
    return new Analysis("", false, List.of(), why);
  }
}
