/**
 * The privileged half of {@code sonde doctor}: what this host has of what capture needs. Where
 * capture itself looks at its start, the same code looks here: {@link
 * io.sonde.probes.host.PidNamespace}, and the loading of the probes.
 */
package io.sonde.probes.doctor;
