/**
 * Facts about the host and its processes, from /proc. Read-only; nothing is ever sent to a process.
 */
package io.sonde.probes.host;
