/**
 * Gives finished exchanges their place in a trace and turns them into spans.
 *
 * <p><b>Whose child is a span?</b> The first of these that holds:
 *
 * <ol>
 *   <li>The request carries a valid {@code traceparent} (W3C Trace Context): a child of the span it
 *       names, in its trace, with its {@code tracestate}. So it is for a server, and for a client
 *       too: somebody in the process (an SDK, or code that passes a header on) says for which span
 *       the call is made. The id in the header is never taken for the client span's own, as early
 *       Beyla had it: Sonde puts no header into requests, so no header names a span of Sonde's. If
 *       an SDK wrote it, the SDK has a span of that id; if a proxy passes it on unchanged, it is
 *       the id of whoever called the proxy: either way two spans would have one id. As parent it is
 *       right in the first case and, in the second, says of the proxy's call what the next service
 *       will say of its own span, both being told by the same header.
 *   <li>Otherwise the span is a root.
 * </ol>
 */
package io.sonde.pipeline.linking;
