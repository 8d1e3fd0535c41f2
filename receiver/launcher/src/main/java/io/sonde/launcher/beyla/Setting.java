package io.sonde.launcher.beyla;

import java.util.List;

/**
 * Something that Beyla can be told.
 *
 * @param variables that set it, Beyla's own spelling first; empty: only its file does
 * @param keys of its YAML, each with all its sections; {@code []} for the elements of a list; one
 *     that ends with {@code .*} stands for all below
 * @param defaultValue empty: unset
 */
public record Setting(
    List<String> variables, List<String> keys, String type, String defaultValue) {}
