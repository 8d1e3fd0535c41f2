/**
 * The capture process: selects processes, empties the ring buffer, and sends what it holds to the
 * receiver. One thread ({@link io.sonde.probes.capture.CaptureAgent}) does all of it; gRPC's event
 * loop only moves bytes.
 */
package io.sonde.probes.capture;
