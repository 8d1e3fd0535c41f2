/** Gives finished exchanges their place in a trace and turns them into spans. */
package io.sonde.pipeline.linking;
