/**
 * HTTP/2 (RFC 9113, RFC 7541) and gRPC on it, as seen by a bystander who misses nearly all of the
 * contents and perhaps the beginning.
 *
 * <p>Decoded: frames, over uncaptured contents; fields; streams, in any order; the counts and sizes
 * of messages of gRPC, where their prefixes were captured; what ends a stream early (RST_STREAM,
 * GOAWAY, the connection). Not decoded: contents; what a server pushes.
 *
 * <pre>
 *   bytes, gaps ─▶ FrameReader (one per flow) ─▶ HpackDecoder (one per flow) ─▶ Http2Decoder: pairs
 *   by stream ─▶ Http2Stream ─▶ Exchanges ─▶ HttpExchange, RpcExchange
 * </pre>
 */
package io.sonde.pipeline.protocol.http2;
