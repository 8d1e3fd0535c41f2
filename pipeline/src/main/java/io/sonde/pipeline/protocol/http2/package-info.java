/**
 * HTTP/2 (RFC 9113, RFC 7541) and gRPC on it, as seen by a bystander who misses nearly all of the
 * contents and perhaps the beginning.
 *
 * <p>Decoded: frames, over uncaptured contents; fields; streams, in any order; the counts and sizes
 * of messages of gRPC, where their prefixes were captured; what ends a stream early (RST_STREAM,
 * GOAWAY, the connection). Not decoded: contents; what a server pushes.
 *
 * <pre>
 *   bytes, gaps ─▶ Http2Decoder ─┬▶ RequestReader (begins) ─┬▶ OpenStreams ─▶ Exchanges ─▶ HttpExchange,
 *                                └▶ AnswerReader   (ends)  ─┘                               RpcExchange
 * </pre>
 *
 * <p>Both readers are a {@code FlowReader}: a {@code FrameReader} and an {@code HpackDecoder}.
 */
package io.sonde.pipeline.protocol.http2;
