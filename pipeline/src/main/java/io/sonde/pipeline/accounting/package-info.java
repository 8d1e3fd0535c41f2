/**
 * Numbers that add up: every stage counts what came in, and that equals what went out plus what was
 * lost, by {@link io.sonde.pipeline.accounting.LossCause}. The enum is the one list of causes:
 * metric labels, documentation and logs are made from it.
 */
package io.sonde.pipeline.accounting;
