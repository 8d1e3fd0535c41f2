/**
 * HTTP/1.0 and HTTP/1.1 (RFC 9110, RFC 9112) as seen by a bystander who misses most of the bodies.
 *
 * <p>Decoded: request line, status line, the fields that frame a message or name a server; bodies
 * by Content-Length, chunked and close, over uncaptured gaps; interim answers, pipelining. What
 * follows a 101 or a successful CONNECT is only counted. Not decoded: contents, HTTP/0.9.
 *
 * <p>Where readers differ over the end of a request (RFC 9112 §11.2), none of them is believed: the
 * request is told with its answer, and nothing is read until the client's next turn.
 *
 * <pre>
 *   bytes, gaps ─▶ Http1Decoder: in their order ─▶ Lockstep: a MessageReader per flow
 *     MessageReader: HeadReader, then BodyReader ─▶ RequestMessages, AnswerMessages
 *     RequestMessages open, AnswerMessages end ─▶ OpenExchanges ─▶ HttpExchange, RpcExchange
 *   an answer that ends HTTP/1 ─▶ Handover: a tunnel, or the decoder of HTTP/2
 * </pre>
 */
package io.sonde.pipeline.protocol.http1;
