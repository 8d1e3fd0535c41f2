/**
 * Who was observed: one {@link io.sonde.pipeline.identity.Service} and one Resource per observed
 * process.
 */
package io.sonde.pipeline.identity;
