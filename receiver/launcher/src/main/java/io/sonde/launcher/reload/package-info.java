/**
 * A configuration that changes while Sonde runs: when it is read again, and what is done with it.
 */
package io.sonde.launcher.reload;
