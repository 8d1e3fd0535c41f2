/**
 * {@code sonde explain}: why a process is observed or not, what was seen of it, and what to do.
 * Asks the running receiver, which asks its captures.
 */
package io.sonde.launcher.explain;
