package io.sonde.probes.probe.files;

/**
 * Why a file is not attached to, or not for all that it has.
 *
 * @param why as a part of a sentence
 */
record Refusal(Subject subject, String why) {}
