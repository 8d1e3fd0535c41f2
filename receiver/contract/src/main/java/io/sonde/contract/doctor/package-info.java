/**
 * What {@code sonde doctor} finds. The privileged side looks at the host, bin/sonde at what starts
 * the two halves; both hand lines to the unprivileged side, which looks at the rest and reports.
 */
package io.sonde.contract.doctor;
