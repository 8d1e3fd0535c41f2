/** One package per output. Each takes what the pipeline made and none knows another. */
package io.sonde.pipeline.export;
