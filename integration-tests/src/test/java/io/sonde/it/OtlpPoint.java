package io.sonde.it;

import java.util.Map;

/**
 * A histogram's data point as a Collector received it.
 *
 * @param attributes values as text
 */
record OtlpPoint(
    Map<String, String> resource,
    String metric,
    String unit,
    long count,
    double sum,
    Map<String, String> attributes) {}
