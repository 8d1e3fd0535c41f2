/**
 * The configuration: {@link io.sonde.launcher.config.Options} is the one list of keys, from which
 * the file is checked, the environment is read and the commented reference file is printed.
 */
package io.sonde.launcher.config;
