/**
 * Finds the route of a path: the template that many paths have in common, which is low in
 * cardinality where paths are not.
 *
 * <p>In this order: a pattern that was configured; else the route that the program's own framework
 * matched the request with, where that is told; else what {@code routes.unmatched} says, by default
 * a guess from the path's words, and from what else was asked at the same place of other paths
 * ({@code low-cardinality}). Beyla's options, with these differences in what they do:
 *
 * <ul>
 *   <li>Of several patterns that match, the most specific one is the route, whatever their order:
 *       see {@code PatternTrie}.
 *   <li>A path of which the end was not captured has no route.
 *   <li>What is answered with 4xx teaches nothing and takes at most a quarter of a service's budget
 *       of routes: who asks for what does not exist cannot spoil the routes of what does.
 *   <li>Guesses leave out empty segments and the slash at the end.
 *   <li>What was learned is shared by the instances of a service, and may survive a restart.
 * </ul>
 *
 * <p><b>Counted once</b>: an exchange has the route that was known when it ended, in its span and
 * in its series. When a place collapses into a wildcard, later exchanges go to the series of the
 * new route; those of the routes before it stop growing and are forgotten after their time to live.
 * Nothing is moved or counted again, so the sum over all routes is the number of exchanges at any
 * time.
 */
package io.sonde.pipeline.routes;
