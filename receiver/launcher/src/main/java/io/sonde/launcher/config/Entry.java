package io.sonde.launcher.config;

/**
 * An object in a list.
 *
 * @param key its place, as {@code discovery.instrument[2]}
 * @param origin the file and line, for errors
 * @param values of the options that such objects have
 */
record Entry(String key, String origin, Values values) {}
