/**
 * The command line of the unprivileged half: reads the configuration, wires receiver and pipeline,
 * and tells the capture process what to do. The script {@code bin/sonde} starts and supervises the
 * two.
 */
package io.sonde.launcher;
