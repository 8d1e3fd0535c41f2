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
 *   <li>A client call that was made by a thread while that was certainly serving one request and
 *       nothing else, or by a goroutine that certainly works for one, is a child of that request's
 *       span (what counts as certain is told at {@code io.sonde.pipeline.connection.Threads} and
 *       {@code Goroutines}). This goes before the first rule where the call's header is the one
 *       that came with the request, passed on unchanged: the two agree, and this is the nearer one.
 *   <li>Otherwise the span is a root. A missing parent can be seen and is counted by reason ({@code
 *       sonde_links_total}); a wrong one would be believed.
 * </ol>
 *
 * <p>Whether the second rule holds is known only when the request is over, so its calls, most of
 * which are over before it, wait in {@link io.sonde.pipeline.linking.HeldCalls} and then follow it.
 */
package io.sonde.pipeline.linking;
