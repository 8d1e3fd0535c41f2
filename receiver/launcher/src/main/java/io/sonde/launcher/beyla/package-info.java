/**
 * What Beyla can be told, and what Sonde says to each of it. {@code variables.tsv} and {@code
 * keys.tsv} are Beyla's side, {@link io.sonde.launcher.beyla.Answers} is ours.
 */
package io.sonde.launcher.beyla;
