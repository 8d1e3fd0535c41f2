package io.sonde.probes.doctor;

import io.sonde.contract.doctor.Finding;
import java.util.List;

/** Looks at one side of the host. Has no effect on it, and does not fail: that is a finding. */
@FunctionalInterface
interface Check {
  List<Finding> look();
}
