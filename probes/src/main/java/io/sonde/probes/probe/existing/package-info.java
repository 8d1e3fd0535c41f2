/**
 * Iterators task_file and tcp (kernel 5.8; run at the start, when an executed program may have
 * inherited sockets, and when a process turns out not to be selected). 0.3-0.9 ms for a host.
 * Cannot see: MPTCP listeners in other network namespaces that were open before (their connections
 * are found from their first accept on only if the process listens anew).
 */
package io.sonde.probes.probe.existing;
