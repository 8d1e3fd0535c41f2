/**
 * The receiving end of the capture contract: a gRPC server on a Unix socket that admits peers by
 * uid, puts messages in order, survives reconnects, and hands records to the pipeline on one
 * thread.
 *
 * <p>Two threads only. Netty's event loop runs the gRPC callbacks, which do nothing but enqueue;
 * the pipeline thread does all the rest, so {@link io.sonde.server.Session} and its collaborators
 * need no lock. Back-pressure is gRPC's: a stream may send {@value
 * io.sonde.server.CaptureStream#MESSAGES_IN_FLIGHT} messages ahead of the pipeline, not more.
 */
package io.sonde.server;
