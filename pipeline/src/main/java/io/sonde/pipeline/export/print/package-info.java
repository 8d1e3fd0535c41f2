/** Traces on standard output, in Beyla's formats. */
package io.sonde.pipeline.export.print;
