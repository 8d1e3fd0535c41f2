package io.sonde.pipeline.event;

import java.net.InetSocketAddress;

/**
 * Announces a connection, before any activity on it; may be repeated for one already known (then
 * nothing changes).
 *
 * @param connection socket cookie, unique on its host until reboot
 * @param openedNs 0 when the connection is older than the capture: its streams start somewhere in
 *     the middle
 * @param netns inode number of the network namespace
 */
public record ConnectionOpened(
    long connection,
    long openedNs,
    long netns,
    InetSocketAddress local,
    InetSocketAddress remote,
    Role role,
    boolean mptcp) {}
