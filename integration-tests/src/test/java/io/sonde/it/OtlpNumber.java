package io.sonde.it;

import java.util.Map;

/**
 * A counter's or gauge's data point as a Collector received it.
 *
 * @param attributes values as text
 */
record OtlpNumber(
    Map<String, String> resource, String metric, double value, Map<String, String> attributes) {}
