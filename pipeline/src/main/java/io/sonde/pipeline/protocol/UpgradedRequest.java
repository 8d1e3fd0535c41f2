package io.sonde.pipeline.protocol;

import io.sonde.pipeline.exchange.ThreadWork;
import io.sonde.pipeline.identity.Service;

/**
 * A request of HTTP/1 whose answer comes in the protocol that it asked for. Times are
 * CLOCK_MONOTONIC ns.
 *
 * @param threads null when nothing is known of them
 * @param service null when the process was never announced
 * @param target path, and query with nothing left to hide
 * @param serverAddress null when the request does not name one
 * @param serverPort 0 when the request does not name one
 * @param bodyBytes -1 when not known
 * @param truncated its head was not captured to its end
 */
public record UpgradedRequest(
    long arrivedNs,
    long startedNs,
    int tid,
    ThreadWork threads,
    Service service,
    String method,
    String target,
    String scheme,
    String serverAddress,
    int serverPort,
    String userAgent,
    String contentType,
    String traceParent,
    String traceState,
    long bodyBytes,
    boolean truncated) {}
