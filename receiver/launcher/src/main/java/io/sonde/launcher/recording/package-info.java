/** The commands {@code record} and {@code replay}: files, and what is said of them. */
package io.sonde.launcher.recording;
