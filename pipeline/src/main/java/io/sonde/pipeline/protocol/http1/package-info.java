/**
 * HTTP/1.0 and HTTP/1.1 (RFC 9110, RFC 9112) as seen by a bystander who misses most of the bodies.
 *
 * <p>Decoded: request line, status line, the fields that frame a message or name a server; bodies
 * by Content-Length, chunked and close, over uncaptured gaps; interim answers, pipelining. Not
 * decoded: contents, what follows a 101 or a successful CONNECT, HTTP/0.9.
 *
 * <pre>
 *   bytes, gaps ─▶ MessageReader (one per flow: HeadReader, then BodyReader) ─▶ Http1Decoder: pairs
 *   heads and ends in order ─▶ OpenExchange ─▶ HttpExchange
 * </pre>
 */
package io.sonde.pipeline.protocol.http1;
