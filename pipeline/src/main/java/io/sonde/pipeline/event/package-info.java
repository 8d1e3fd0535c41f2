/**
 * What the pipeline is told, by whoever feeds it (the receiver, later a replayed file). Nothing
 * here knows a socket, a protobuf message or a protocol. All times are CLOCK_MONOTONIC in ns unless
 * a name says otherwise; sizes are bytes.
 */
package io.sonde.pipeline.event;
