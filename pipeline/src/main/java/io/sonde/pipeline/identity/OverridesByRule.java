package io.sonde.pipeline.identity;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Finds the overrides of a service by the discovery rules that selected its process. Of several
 * rules each setting is taken from the last one that has it, as in Beyla. Safe for many threads.
 */
final class OverridesByRule {
  private static final Logger LOG = Logger.getLogger(OverridesByRule.class.getName());

  /** A capture may name what it likes. */
  private static final int MAX_TOLD = 64;

  private final Map<String, ServiceOverrides> byRule;
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  /**
   * @param byRule by rule id; a rule without settings is there too, since one that is not here is
   *     one of another configuration
   */
  OverridesByRule(Map<String, ServiceOverrides> byRule) {
    this.byRule = Map.copyOf(byRule);
  }

  /**
   * @param rules that selected the process, in the order of the configuration
   */
  ServiceOverrides of(List<String> rules) {
    ServiceOverrides overrides = ServiceOverrides.NONE;
    for (String rule : rules) {
      ServiceOverrides known = byRule.get(rule);
      if (known == null) {
        tellUnknown(rule);
      } else {
        overrides = overrides.then(known);
      }
    }
    return overrides;
  }

  private void tellUnknown(String rule) {
    if (told.size() < MAX_TOLD && told.add(rule)) {
      LOG.log(
          Level.WARNING,
          "a capture selects services by the rule {0}, which the configuration of this receiver does"
              + " not have: what that rule says of their name, namespace or exports is not known"
              + " here; start both halves with the same file",
          rule);
    }
  }
}
